#!/usr/bin/env python3
"""Records a trajectory of a PyTorch optimizer, for `optbias replay` and OptBias.Testing's Trajectory.Load.

    python record-trajectory.py AdamW adamw.safetensors lr=0.01 betas=0.9,0.99 weight_decay=0.1
    python record-trajectory.py SGD nesterov.safetensors lr=0.03 momentum=0.9 nesterov=true --name SgdNesterov

From a program, record() takes any optimizer:

    record("soap.safetensors", "Soap", lambda parameters: SOAP(parameters, lr=0.01), {"lr": 0.01})

Needs PyTorch and nothing else; the file is written here, byte by byte.
"""
import argparse
import json
import struct

import torch

DTYPES = {torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
SHAPES = ((5, 3), (7,), (4, 3, 2, 2), (16, 8))


def record(path, name, create, hyper, shapes=SHAPES, steps=60, seed=0, dtype=torch.float64, source=None):
    """Runs `create(parameters)` on normally distributed gradients and writes what it did.

    name:   the class of the declared optimizer that is to agree.
    hyper:  the numbers that `create` uses, under PyTorch's names or OptBias's; `betas` is a pair. Switches such as
            nesterov are left out: they are part of the declaration.
    """
    generator = torch.Generator().manual_seed(seed)
    parameters = [torch.nn.Parameter(torch.randn(shape, generator=generator, dtype=dtype)) for shape in shapes]
    gradients = [torch.randn((steps, *shape), generator=generator, dtype=dtype) for shape in shapes]
    tensors = {f"param.{i}.init": parameter.detach().clone() for i, parameter in enumerate(parameters)}
    after = [torch.empty_like(gradient) for gradient in gradients]

    optimizer = create(parameters)
    for step in range(steps):
        for parameter, gradient in zip(parameters, gradients):
            parameter.grad = gradient[step].clone()
        optimizer.step()
        for parameter, values in zip(parameters, after):
            values[step] = parameter.detach()

    for i, (gradient, values) in enumerate(zip(gradients, after)):
        tensors[f"param.{i}.grad"] = gradient
        tensors[f"param.{i}.after"] = values
    metadata = {
        "optimizer": name,
        "hyper": json.dumps(hyper),
        "source": source or f"torch {torch.__version__}",
        "steps": str(steps),
    }
    write_safetensors(path, tensors, metadata)


def write_safetensors(path, tensors, metadata):
    """8-byte little-endian header length, JSON header, raw data in row-major order."""
    header, offset = {"__metadata__": metadata}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for tensor in tensors.values():
            file.write(bytes(tensor.contiguous().view(-1).view(torch.uint8).tolist()))


def parse(text):
    """lr=0.01, betas=0.9,0.99 or nesterov=true."""
    name, _, value = text.partition("=")
    if value.lower() in ("true", "false"):
        return name, value.lower() == "true"
    numbers = [float(number) for number in value.split(",")]
    return name, numbers[0] if len(numbers) == 1 else numbers


def main():
    parser = argparse.ArgumentParser(description="Records a trajectory of an optimizer of torch.optim.")
    parser.add_argument("optimizer", help="a class of torch.optim, as AdamW")
    parser.add_argument("path", help="the .safetensors file to write")
    parser.add_argument("hyper", nargs="*", type=parse, help="its arguments, as lr=0.01 betas=0.9,0.99")
    parser.add_argument("--name", help="the declared optimizer that is to agree; torch's name if not given")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--dtype", choices=["float64", "float32", "float16", "bfloat16"], default="float64")
    arguments = parser.parse_args()

    given = dict(arguments.hyper)
    create = lambda parameters: getattr(torch.optim, arguments.optimizer)(parameters, **given)
    hyper = {name: value for name, value in given.items() if not isinstance(value, bool)}
    record(arguments.path, arguments.name or arguments.optimizer, create, hyper,
           steps=arguments.steps, seed=arguments.seed, dtype=getattr(torch, arguments.dtype))


if __name__ == "__main__":
    main()
