"""A question of each kind to fill in, with comments, in one language."""

from __future__ import annotations

import json
import re
from typing import Literal

Language = Literal["zh", "en"]

HEAD = """\
# yaml-language-server: $schema=schema.json
# ⟦For an editor that completes and checks: mtl-tui bank schema > schema.json in this folder.｜\
要让编辑器补全和检查：在这个文件夹里运行 mtl-tui bank schema > schema.json。⟧
# ⟦A text can have zh, en or both. A text with a colon or # in it is quoted.｜\
文本可以写 zh、en 或两样都写；里面有冒号或 # 的要加引号。⟧
questions:
- id: {id}  # ⟦progress hangs on it: keep it; all else may change｜进度跟着编号走，定了就别改；其余随时可改⟧
  kind: {kind}
  topic: {topic}  # ⟦one of ours (T01 to T22) or any name｜本程序的主题（T01 到 T22），或任意名称⟧
  difficulty: 3  # ⟦1 to 5｜1 到 5⟧
  draft: true  # ⟦sessions leave it out; delete this line when the question is ready｜练习时跳过；写好后删掉这一行⟧
  seconds: 60  # ⟦what a prepared person needs｜有准备的人要用多久⟧
  stem: {lang: ⟦What is asked｜题干⟧}
  # hint: {lang: ⟦lowers the proposed grade to Hard｜看了提示，建议的评分降到吃力⟧}
"""

TAIL = """\
  say: {lang: ⟦What one would say aloud in 30 seconds｜30 秒口头回答⟧}
  facts:
  - {lang: ⟦A short fact｜一条短事实⟧}
  usual:  # ⟦the usual wrong answer, and why it is wrong｜常见误答，以及错在哪里⟧
    answer: {lang: ⟦What candidates say｜候选人常这样说⟧}
    why: {lang: ⟦Why it is wrong｜为什么不对⟧}
  basis: derived  # ⟦paper, measured or derived｜paper 出自论文，measured 实测，derived 推导⟧
  # sources: [⟦"any text, or a key of ours such as MMOE"｜"任意文字，或本程序的键，如 MMOE"⟧]
  # follow_ups: [{ask: {lang: ⟦What comes next｜追问⟧}, say: {lang: ⟦What to say｜怎么答⟧}}]
"""

OPTIONS = """\
  options:  # ⟦{count}; shuffled on screen; why is the lesson｜{count}，屏幕上打乱；why 写选它的人该学到什么⟧
  - {text: {lang: ⟦The right one｜对的⟧}, why: {lang: ⟦Why｜为什么⟧}, right: true}
  - {text: {lang: ⟦A mistake｜常犯的错⟧}, why: {lang: ⟦Why not｜错在哪⟧}}
  - {text: {lang: ⟦Another mistake｜另一种错⟧}, why: {lang: ⟦Why not｜错在哪⟧}}
"""

POINTS = """\
  points:  # ⟦what a full answer says; must: false is a bonus｜完整的回答要说到的；must: false 是加分项⟧
  - text: {lang: ⟦A point that must be made｜必须说到的一点⟧}
    # ⟦phrases that show it: words joined by " + " stand in one sentence, " | " parts alternatives｜\
说到它的词：用 " + " 连的要在同一句里，" | " 分开可互换的⟧
    matches: {lang: ["⟦gate + task | tasks｜门 + 任务 | 目标⟧"]}
  - text: {lang: ⟦A bonus｜加分的一点⟧}
    matches: {lang: ["⟦softmax｜softmax⟧"]}
    must: false
"""

CODE_POINTS = """\
  points:  # ⟦what the code has to do; must: false is a bonus｜代码要做到的；must: false 是加分项⟧
  - text: {lang: ⟦A point that must be made｜必须做到的一点⟧}
    # ⟦code that shows it, whatever its blanks; " + " joins pieces that must all be there, " | " parts alternatives｜\
写出它的代码，空格不计；" + " 连接都要有的几处，" | " 分开可互换的写法⟧
    matches: {lang: ["return a+b | return b+a"]}
"""

BODIES: dict[str, str] = {
    "single": OPTIONS.replace("{count}", "3-6"),
    "multiple": OPTIONS.replace("{count}", "3-8"),
    "predict": """\
  pairing: listing1-softmax  # ⟦what is trained next; see mtl-tui recipes list｜选完要训练的，见 mtl-tui recipes list⟧
"""
    + OPTIONS.replace("{count}", "2-6"),
    "true_false": """\
  answer: true
  why: {lang: ⟦The reason｜理由⟧}
  trap: {lang: ⟦The lesson for who answered the other way｜给答反的人⟧}
""",
    "numeric": """\
  answer: 0.5
  tolerance: 0.01
  form: {lang: ⟦two decimals｜两位小数⟧}  # ⟦how to write it; a % here asks for per cent｜怎么写；写了 % 就按百分数判⟧
  steps:
  - {lang: ⟦A line of the calculation｜计算的一步⟧}
  slips:  # ⟦wrong numbers that candidates reach｜常见的算错的数⟧
  - {value: 2, why: {lang: ⟦The slip that leads there｜错在哪一步⟧}}
""",
    "ordering": """\
  items:  # ⟦in the right order; 3-8｜按正确的顺序写；3-8 项⟧
  - {text: {lang: ⟦First｜第一步⟧}, why: {lang: ⟦Why here｜为什么在这里⟧}}
  - {text: {lang: ⟦Second｜第二步⟧}, why: {lang: ⟦Why here｜为什么在这里⟧}}
  - {text: {lang: ⟦Third｜第三步⟧}, why: {lang: ⟦Why here｜为什么在这里⟧}}
""",
    "matching": """\
  pairs:  # ⟦3-7; no two sides alike｜3-7 对；各边不能重复⟧
  - {left: {lang: ⟦Left A｜左一⟧}, right: {lang: ⟦Right A｜右一⟧}, why: {lang: ⟦Why｜为什么⟧}}
  - {left: {lang: ⟦Left B｜左二⟧}, right: {lang: ⟦Right B｜右二⟧}, why: {lang: ⟦Why｜为什么⟧}}
  - {left: {lang: ⟦Left C｜左三⟧}, right: {lang: ⟦Right C｜右三⟧}, why: {lang: ⟦Why｜为什么⟧}}
""",
    "free_text": POINTS,
    "find_bug": """\
  listing: {id}  # ⟦listings/{id}.txt in this folder｜这个文件夹里的 listings/{id}.txt⟧
  lines:  # ⟦lines count from 1; right causes the symptom in the stem｜行号从 1 数；right 是造成题干现象的那行⟧
  - {line: 2, why: {lang: ⟦What it does｜它造成什么⟧}, right: true}
  innocent: {lang: ⟦What to say of any other line｜对其余各行说什么⟧}
  reasons:  # ⟦asked after the right line; leave it out to ask for the line alone｜选对行后再问；不写就只问行⟧
  - {text: {lang: ⟦The right reason｜对的理由⟧}, why: {lang: ⟦Why｜为什么⟧}, right: true}
  - {text: {lang: ⟦A wrong reason｜错的理由⟧}, why: {lang: ⟦Why not｜错在哪⟧}}
""",
    "code": """\
  starter: |-  # ⟦stands there when one begins｜开始时已经写好的⟧
    def loss(a, b):
        ...
  reference: |-
    def loss(a, b):
        return a + b
"""
    + CODE_POINTS,
}
KINDS = tuple(BODIES)
LISTING = "def loss(a, b):\n    return a - b\n"


def template(kind: str, id: str, topic: str, language: Language) -> str:
    """A bank file with one draft of this kind. A kind of `KINDS`."""
    text = HEAD + BODIES[kind] + TAIL
    text = re.sub(r"⟦(.*?)｜(.*?)⟧", r"\2" if language == "zh" else r"\1", text)
    for name, value in {"lang:": f"{language}:", "{id}": id, "{kind}": kind}.items():
        text = text.replace(name, value)
    return text.replace("{topic}", topic if _is_plain(topic) else json.dumps(topic, ensure_ascii=False))


def _is_plain(topic: str) -> bool:
    """YAML reads it as itself without quotes: no punctuation, and not a word such as yes."""
    import yaml

    return re.fullmatch(r"[^\W\d_][\w-]*( [\w-]+)*", topic) is not None and yaml.safe_load(topic) == topic
