"""GLS, the geometric loss strategy."""

from __future__ import annotations

from torch import Tensor

from models.training.weighting import Weighting


class Gls(Weighting):
    """The geometric mean M of the losses that are not 0 is minimised: its gradient weighs a loss L by M / (T L).

    Chennupati et al., MultiNet++: Multi-Stream Feature Aggregation and Geometric Loss Strategy for Multi-Task Learning,
    CVPR Workshops 2019.
    """

    def weights(self, losses: Tensor, gramian: Tensor | None) -> Tensor:
        """M / (T L), [S, T]."""
        present = losses > 0
        filled = losses.where(present, 1.0)
        count = present.sum(1, keepdim=True).clamp_(min=1)
        mean = (filled.log().sum(1, keepdim=True) / count).exp()
        return present * mean / (count * filled)
