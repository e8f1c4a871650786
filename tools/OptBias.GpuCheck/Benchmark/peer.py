"""PyTorch's AdamW, measured for another process.

A request is a line of JSON on standard input, its answer a line of JSON on standard output:
  {"op": "open", "shapes": [[...], ...], "modes": {"fused": {"fused": true}, ...}}  ->  {"problems": {"fused": null, ...}}
  {"op": "run", "mode": "fused", "repeats": 10}                                      ->  {"seconds": 0.01}
  {"op": "close"}                                                                    ->  {}
What fails is answered with {"error": "..."}.
"""

import json
import sys
import time


def answer(value):
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


class Peer:
    def __init__(self, torch, device):
        self.torch = torch
        self.device = device
        self.optimizers = {}

    def synchronize(self):
        if self.device.type == "cuda":
            self.torch.cuda.synchronize(self.device)

    def open(self, shapes, modes):
        # All modes step on the same parameters and gradients, each with its own state: what is left of memory is the work's.
        torch = self.torch
        parameters = []
        for shape in shapes:
            parameter = torch.nn.Parameter(torch.randn(shape, device=self.device).mul_(0.1))
            parameter.grad = torch.randn(shape, device=self.device).mul_(0.01)
            parameters.append(parameter)
        problems = {}
        for name, options in modes.items():
            problems[name] = None
            try:
                optimizer = torch.optim.AdamW(parameters, lr=1e-5, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, **options)
                optimizer.step()
                self.synchronize()
                self.optimizers[name] = optimizer
            except Exception as problem:
                problems[name] = "%s: %s" % (type(problem).__name__, str(problem).split("\n")[0])
        return {"problems": problems}

    def run(self, mode, repeats):
        optimizer = self.optimizers[mode]
        self.synchronize()
        start = time.perf_counter()
        for _ in range(repeats):
            optimizer.step()
        self.synchronize()
        return {"seconds": time.perf_counter() - start}

    def close(self):
        self.optimizers = {}
        if self.device.type == "cuda":
            self.torch.cuda.empty_cache()
        return {}


def main():
    try:
        import torch
    except Exception as problem:
        answer({"error": "%s: %s" % (type(problem).__name__, problem)})
        return
    device = torch.device(sys.argv[1])
    if device.type == "cuda" and not torch.cuda.is_available():
        answer({"error": "PyTorch %s sees no GPU" % torch.__version__})
        return
    answer({"torch": torch.__version__, "python": sys.version.split()[0], "device": torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"})
    peer = Peer(torch, device)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer(getattr(peer, request.pop("op"))(**request))
        except Exception as problem:
            answer({"error": "%s: %s" % (type(problem).__name__, str(problem).split("\n")[0])})


main()
