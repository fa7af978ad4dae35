"""Two networks, one answer: what the finder saw in the page and what the classifier sees in the frame.

The finder knows the surroundings (a stroke between two sums is no 1), the classifier the shape. Their opinions are
pooled logarithmically (C. Genest and J. V. Zidek, "Combining Probability Distributions", 1986): weighted sums of
log-odds and log-probabilities. The few weights stand in the manifest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from digitlens.model.calibration import softmax

NOT_A_DIGIT = 10
# Opinions surer than that count as this sure: neither network may overrule the other for ever.
LEAST_SCORE, LEAST_LOG = 0.002, -12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """The weights of the pool; they are fitted for a pair of networks and stand in its manifest.

    Attributes:
        finder_digit: of the finder's log-odds for each digit.
        finder_other: of its log-odds for "another mark".
        classifier_digit: of the classifier's log-probability of each digit.
        classifier_other: of its log-probability of "not a digit".
        bias: added to "not a digit".
        unseen: added to "not a digit" where the finder saw nothing.
        part: added to "not a digit" for a part of a mark.
        unexplained: added to "not a digit" for a part of a mark of which nothing else is understood; less by the share
            of the mark that is.
        rest: taken from "not a digit" for what remains of a mark of which all else reads as digits, see `are_rests`.
        temperature: divides the sum; fitted after everything else.
    """

    finder_digit: float = 1.4
    finder_other: float = 0.65
    classifier_digit: float = 1.2
    classifier_other: float = 0.6
    bias: float = 2.5
    unseen: float = 7.0
    part: float = 0.5
    unexplained: float = 3.0
    rest: float = 2.0
    temperature: float = 0.85

    def pool(
        self, classifier: NDArray[np.float32], scores: NDArray[np.float32], seen: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Pool the opinions.

        Args:
            classifier: (N, 11) probabilities.
            scores: (N, 11) scores of the finder in [0, 1].
            seen: (N,) False where the finder has no opinion and its scores mean nothing.

        Returns:
            (N, 11) float32 logits; column 10 is "not a digit".
        """
        shape = np.maximum(np.log(np.maximum(classifier, 1e-30)), LEAST_LOG)
        score = np.clip(scores, LEAST_SCORE, 1 - LEAST_SCORE)
        surroundings = np.where(seen[:, None], np.log(score) - np.log1p(-score), 0.0)
        pooled = self.classifier_digit * shape + self.finder_digit * surroundings
        pooled[:, NOT_A_DIGIT] = (
            self.classifier_other * shape[:, NOT_A_DIGIT]
            + self.finder_other * surroundings[:, NOT_A_DIGIT]
            + self.bias
            + self.unseen * ~seen
        )
        return pooled.astype(np.float32)

    def probabilities(self, pooled: NDArray[np.float32]) -> NDArray[np.float32]:
        """Logits to probabilities, (N, 11) float32, rows sum to 1."""
        return softmax(pooled, self.temperature)
