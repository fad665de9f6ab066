"""What the training step is measured against: the same networks by autograd, and written out by hand."""
