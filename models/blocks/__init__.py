"""What networks are built of: blocks with a hand-written backward, recorded on a tape.

Shapes: S replicas (seeds trained together), G groups (experts, gates or towers computed at once), N rows, d numbers a
row. Every activation is [S, G, N, d].
"""
