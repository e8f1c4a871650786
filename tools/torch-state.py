#!/usr/bin/env python3
"""Writes the files of tests/torch: state of torch.optim's optimizers as safetensors.

The layout is that of PyTorch's documented state_dict() ({"state": {0: {...}}, "param_groups": [{...}]}), with the entries that
PyTorch 2.5 has. Nothing but the standard library is used: the files are independent of the code that reads them in the tests, and of a
PyTorch at hand. Where there is one, `--check` loads every file into the optimizer that it is of, and compares what it then holds.

    python3 tools/torch-state.py tests/torch
    python3 tools/torch-state.py --check tests/torch
"""

import json
import os
import struct
import sys

SHAPES = [[3], [2, 2]]
COMMON = {"maximize": False, "foreach": None, "differentiable": False}
ADAM = {"lr": 0.0625, "betas": [0.75, 0.96875], "eps": 0.0078125, "weight_decay": 0.015625, "capturable": False, "fused": None}
FILES = {
    "adamw": ("AdamW", ["exp_avg", "exp_avg_sq"], {**ADAM, "amsgrad": False}),
    "adam": ("Adam", ["exp_avg", "exp_avg_sq"], {**ADAM, "weight_decay": 0, "amsgrad": False}),
    "amsgrad": ("Adam", ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"], {**ADAM, "amsgrad": True}),
    "sgdmomentum": ("SGD", ["momentum_buffer"], {
        "lr": 0.0625, "momentum": 0.625, "dampening": 0, "weight_decay": 0.015625, "nesterov": False, "fused": None}),
    "rmsprop": ("RMSprop", ["square_avg"], {
        "lr": 0.0625, "momentum": 0, "alpha": 0.875, "eps": 0.0078125, "centered": False, "weight_decay": 0.015625, "capturable": False}),
    "adagrad": ("Adagrad", ["sum"], {
        "lr": 0.0625, "lr_decay": 0, "eps": 0.0078125, "weight_decay": 0.015625, "initial_accumulator_value": 0, "fused": None}),
}


def tensors(states, counts_steps):
    """Tensors by name: numbers that float32 holds exactly, second moments positive."""
    for index, shape in enumerate(SHAPES):
        size = 1
        for length in shape:
            size *= length
        for place, state in enumerate(states):
            values = [(index + 1) * (k - 1) / 8 + place / 16 for k in range(size)]
            if place > 0 or state in ("square_avg", "sum"):
                values = [value * value + 1 / 64 for value in values]
            yield f"state.{index}.{state}", shape, values
        if counts_steps:
            yield f"state.{index}.step", [], [12.0]


def write(path, states, group, counts_steps):
    header, data = {}, b""
    group = {**group, **COMMON, "initial_lr": 0.125, "params": list(range(len(SHAPES)))}
    header["__metadata__"] = {"param_groups": json.dumps([group])}
    for name, shape, values in tensors(states, counts_steps):
        raw = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def read(path):
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8:8 + length])
    groups = json.loads(header.pop("__metadata__")["param_groups"])
    state = {}
    for name, entry in header.items():
        _, index, kind = name.split(".", 2)
        begin, end = entry["data_offsets"]
        values = struct.unpack(f"<{(end - begin) // 4}f", content[8 + length + begin:8 + length + end])
        state.setdefault(int(index), {})[kind] = (entry["shape"], list(values))
    return state, groups


def check(folder):
    import torch

    for name, (kind, _, group) in FILES.items():
        parameters = [torch.nn.Parameter(torch.ones(shape)) for shape in SHAPES]
        options = {"amsgrad": True} if name == "amsgrad" else {"momentum": 0.5} if kind == "SGD" else {}
        optimizer = getattr(torch.optim, kind)(parameters, **options)
        state, groups = read(os.path.join(folder, name + ".safetensors"))
        saved = optimizer.state_dict()
        for old, new in zip(saved["param_groups"], groups):
            old.update(new)
        saved["state"] = {i: {k: torch.tensor(v).reshape(s) for k, (s, v) in entries.items()} for i, entries in state.items()}
        optimizer.load_state_dict(saved)
        for parameter in parameters:
            parameter.grad = torch.ones_like(parameter)
        held = optimizer.state_dict()
        for index, entries in state.items():
            for key, (shape, values) in entries.items():
                assert torch.equal(held["state"][index][key].float(), torch.tensor(values).reshape(shape)), (name, index, key)
        for key, value in group.items():
            assert key not in held["param_groups"][0] or list_of(held["param_groups"][0][key]) == value, (name, key)
        optimizer.step()
        print(name, "loads, and steps")


def list_of(value):
    return list(value) if isinstance(value, tuple) else value


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--check"]:
        return check(arguments[1])
    if len(arguments) != 1:
        sys.exit(__doc__)
    os.makedirs(arguments[0], exist_ok=True)
    for name, (kind, states, group) in FILES.items():
        write(os.path.join(arguments[0], name + ".safetensors"), states, group, counts_steps=kind != "SGD")


if __name__ == "__main__":
    main()
