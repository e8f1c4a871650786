"""As much of PyTorch as the check's peer uses, without its numbers: for tests of the conversation with it."""

import time

__version__ = "0.0.0+test"


class Tensor:
    grad = None

    def mul_(self, factor):
        return self


def randn(shape, device=None):
    return Tensor()


class device:
    def __init__(self, name):
        self.type = name.split(":")[0]


class nn:
    @staticmethod
    def Parameter(tensor):
        return tensor


class optim:
    class AdamW:
        def __init__(self, parameters, lr, betas, eps, weight_decay, fused=False, foreach=False):
            if fused:
                raise RuntimeError("no fused kernel here\nsecond line")
            assert len(parameters) > 0 and all(p.grad is not None for p in parameters)

        def step(self):
            time.sleep(0.0005)
