"""Step 4 in the catalogue: how tasks are weighed against each other, by their losses or by their gradients."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta

from models.catalogue.row import Row

Rate = Annotated[float, Meta(gt=0, le=100)]
W = "models.training.weighting"
B = "models.training.balancing"


class Equal(Row, frozen=True, tag="equal"):
    """The sum of the losses, each times its fixed task weight (`training.weights`; 1 if none are given)."""

    module: ClassVar[str] = f"{W}:Equal"


class Uncertainty(Row, frozen=True, tag="uncertainty"):
    """A noise sigma learned per task: L / (2 sigma^2) + log sigma for regressions, L / sigma^2 + log sigma for binary
    tasks; what Adam moves is log sigma^2."""

    module: ClassVar[str] = f"{W}.uncertainty:Uncertainty"
    paper: ClassVar[str] = "Kendall, Gal, Cipolla, CVPR 2018, equations 5-10"

    learning_rate: Annotated[Rate, Meta(description="of Adam on log sigma^2")] = 0.02
    start: Annotated[
        Literal["one", "first-loss"],
        Meta(description="sigma is 1 at first, or fits the first batch: sigma^2 = L, for binary tasks 2 L"),
    ] = "one"


class Dwa(Row, frozen=True, tag="dwa"):
    """Dynamic weight average: T softmax(r / temperature), r the ratio of a task's last two mean losses."""

    module: ClassVar[str] = f"{W}.dwa:Dwa"
    paper: ClassVar[str] = "Liu, Johns, Davison, CVPR 2019, section 4.1.3, equation 7"

    temperature: Annotated[float, Meta(gt=0, le=100, description="softness; large is nearly equal")] = 2.0
    period: Annotated[int, Meta(ge=1, le=100_000, description="steps whose mean loss is one point")] = 50


class Rlw(Row, frozen=True, tag="rlw"):
    """Random loss weighting: T softmax(z), z drawn from N(0, 1) anew at every step."""

    module: ClassVar[str] = f"{W}.rlw:Rlw"
    paper: ClassVar[str] = "Lin, Ye, Zhang, Tsang, Reasonable Effectiveness of Random Weighting, TMLR 2022"


class Gls(Row, frozen=True, tag="gls"):
    """Geometric loss strategy: the T-th root of the product of the losses."""

    module: ClassVar[str] = f"{W}.gls:Gls"
    paper: ClassVar[str] = "Chennupati et al., MultiNet++, CVPR Workshops 2019"


class ImtlL(Row, frozen=True, tag="imtl-l"):
    """Impartial learning of the losses: e^s L - s, with s learned per task."""

    module: ClassVar[str] = f"{W}.imtl_l:ImtlL"
    paper: ClassVar[str] = "Liu et al., Towards Impartial Multi-task Learning, ICLR 2021, section 3.2, equation 6"

    learning_rate: Annotated[Rate, Meta(description="of Adam on s")] = 0.02


class Stch(Row, frozen=True, tag="stch"):
    """Smooth Tchebycheff scalarisation: mu log sum_t exp(w_t L_t / mu), smooth maximum of the losses."""

    module: ClassVar[str] = f"{W}.stch:Stch"
    paper: ClassVar[str] = "Lin et al., Smooth Tchebycheff Scalarization, ICML 2024"

    mu: Annotated[float, Meta(gt=0, le=100, description="smoothness; small is nearly the largest loss alone")] = 0.1


class GradNorm(Row, frozen=True, tag="gradnorm"):
    """Weights learned so that tasks train at equal rates, by their gradient norms at the last shared layer."""

    module: ClassVar[str] = f"{W}.gradnorm:GradNorm"
    paper: ClassVar[str] = "Chen et al., GradNorm, ICML 2018, section 3.2, equations 1 and 2, algorithm 1"

    alpha: Annotated[float, Meta(ge=0, le=10, description="strength of the pull towards equal rates")] = 1.5
    learning_rate: Annotated[Rate, Meta(description="of Adam on the weights")] = 0.025


class Famo(Row, frozen=True, tag="famo"):
    """Fast adaptive multitask optimisation: lowers all log losses at equal rates, without per-task gradients."""

    module: ClassVar[str] = f"{W}.famo:Famo"
    paper: ClassVar[str] = "Liu, Feng, Stone, Liu, FAMO, NeurIPS 2023, section 3, algorithm 1"

    learning_rate: Annotated[Rate, Meta(description="of Adam on the logits")] = 0.025
    decay: Annotated[float, Meta(ge=0, le=1, description="weight decay of the logits")] = 0.001


class Mgda(Row, frozen=True, tag="mgda"):
    """The shortest vector in the convex hull of the task gradients."""

    module: ClassVar[str] = f"{B}.mgda:Mgda"
    paper: ClassVar[str] = "Sener, Koltun, NeurIPS 2018, section 3"


class Pcgrad(Row, frozen=True, tag="pcgrad"):
    """Each gradient loses its component along every gradient that it conflicts with, in random order."""

    module: ClassVar[str] = f"{B}.pcgrad:Pcgrad"
    paper: ClassVar[str] = "Yu et al., Gradient Surgery, NeurIPS 2020, algorithm 1"


class GradVac(Row, frozen=True, tag="gradvac"):
    """Gradients are turned until their cosine reaches a moving target."""

    module: ClassVar[str] = f"{B}.gradvac:GradVac"
    paper: ClassVar[str] = "Wang, Tsvetkov, Firat, Cao, Gradient Vaccine, ICLR 2021, equations 2 and 3"

    decay: Annotated[float, Meta(gt=0, le=1, description="share of the new cosine in the moving target")] = 0.01


class Cagrad(Row, frozen=True, tag="cagrad"):
    """The update that helps the worst-off task most within a ball around the mean gradient."""

    module: ClassVar[str] = f"{B}.cagrad:Cagrad"
    paper: ClassVar[str] = "Liu et al., CAGrad, NeurIPS 2021, algorithm 1"

    c: Annotated[float, Meta(ge=0, lt=1, description="radius of the ball, as a share of the mean's norm")] = 0.5


class ImtlG(Row, frozen=True, tag="imtl-g"):
    """The combination whose projections on all unit task gradients are equal."""

    module: ClassVar[str] = f"{B}.imtl_g:ImtlG"
    paper: ClassVar[str] = "Liu et al., Towards Impartial Multi-task Learning, ICLR 2021, section 3.1"


class NashMtl(Row, frozen=True, tag="nash"):
    """The Nash bargaining solution: weights a with G a = 1 / a."""

    module: ClassVar[str] = f"{B}.nash:NashMtl"
    paper: ClassVar[str] = "Navon et al., ICML 2022, section 3"


class AlignedMtl(Row, frozen=True, tag="aligned"):
    """Gradients made orthogonal and of equal length, that of the smallest principal component."""

    module: ClassVar[str] = f"{B}.aligned:AlignedMtl"
    paper: ClassVar[str] = "Senushkin et al., Aligned-MTL, CVPR 2023, algorithm 1"


class Upgrad(Row, frozen=True, tag="upgrad"):
    """The mean of the gradients, each projected on the cone of directions that harm no task."""

    module: ClassVar[str] = f"{B}.upgrad:Upgrad"
    paper: ClassVar[str] = "Quinton, Rey, Jacobian Descent for Multi-Objective Optimization, 2024, equation 3"


class FairGrad(Row, frozen=True, tag="fairgrad"):
    """Alpha-fair improvement of the tasks: weights a with G a = a^(-1 / alpha)."""

    module: ClassVar[str] = f"{B}.fairgrad:FairGrad"
    paper: ClassVar[str] = "Ban, Ji, Fair Resource Allocation in Multi-Task Learning, ICML 2024, equation 4"

    alpha: Annotated[float, Meta(ge=0.1, le=100, description="1 is the Nash solution; larger is fairer")] = 2.0


class GradDrop(Row, frozen=True, tag="graddrop"):
    """Where tasks disagree about the sign of a gradient entry, one sign is drawn and the others are dropped."""

    module: ClassVar[str] = f"{B}.graddrop:GradDrop"
    paper: ClassVar[str] = "Chen et al., Just Pick a Sign, NeurIPS 2020, algorithm 1"

    leak: Annotated[float, Meta(ge=0, le=1, description="share of a dropped entry that passes all the same")] = 0.0


class Sdmgrad(Row, frozen=True, tag="sdmgrad"):
    """Direction-oriented multi-objective descent: minimum norm, regularised towards the mean gradient."""

    module: ClassVar[str] = f"{B}.sdmgrad:Sdmgrad"
    paper: ClassVar[str] = "Xiao, Ban, Ji, Direction-oriented Multi-objective Learning, NeurIPS 2023, algorithm 1"

    regularisation: Annotated[float, Meta(ge=0, le=100, description="weight of the mean gradient")] = 0.3
    rate: Annotated[Rate, Meta(description="of the projected descent on the weights; up to 1 never overshoots")] = 1.0
    iterations: Annotated[int, Meta(ge=1, le=1000, description="of that descent at every step")] = 20


Weighting = (
    Equal
    | Uncertainty
    | Dwa
    | Rlw
    | Gls
    | ImtlL
    | Stch
    | GradNorm
    | Famo
    | Mgda
    | Pcgrad
    | GradVac
    | Cagrad
    | ImtlG
    | NashMtl
    | AlignedMtl
    | Upgrad
    | FairGrad
    | GradDrop
    | Sdmgrad
)
