"""A ResNet-18 goes from PyTorch to seve, is fine-tuned with a frozen trunk, and goes back."""

import pathlib
import re
import tempfile
import unittest

import numpy
import program
import torch
from safetensors.numpy import load_file, save_file
from torch import nn

CLASSES = 5


class Block(nn.Module):
    """torchvision's BasicBlock, under its names."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        shortcut = x if self.downsample is None else self.downsample(x)
        y = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.bn2(self.conv2(y)) + shortcut)


class ResNet18(nn.Module):
    """torchvision's, under its names."""

    def __init__(self, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        widths = (64, 64, 128, 256, 512)
        for i in range(1, 5):
            stride = 1 if i == 1 else 2
            setattr(self, f"layer{i}", nn.Sequential(Block(widths[i - 1], widths[i], stride), Block(widths[i], widths[i], 1)))
        self.fc = nn.Linear(512, classes)

    def forward(self, x):
        x = nn.functional.max_pool2d(torch.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return self.fc(x.mean((2, 3)))


def arrays_of(model):
    return {name: tensor.numpy() for name, tensor in model.state_dict().items()}


class PretrainedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.path = pathlib.Path(cls.folder.name)
        torch.manual_seed(1)
        cls.model = ResNet18(CLASSES)
        # Running statistics and gains that are not where they start.
        for module in cls.model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.running_mean.normal_(0, 0.1)
                module.running_var.uniform_(0.5, 1.5)
                nn.init.uniform_(module.weight, 0.5, 1.5)
        cls.model.eval()
        save_file(arrays_of(cls.model), cls.path / "resnet18.safetensors")
        generator = numpy.random.default_rng(1)
        cls.pictures = generator.normal(0, 1, (4, 3, 64, 64)).astype(numpy.float32)
        numpy.save(cls.path / "x.npy", cls.pictures)
        numpy.save(cls.path / "y.npy", numpy.arange(4) % CLASSES)
        data = f"""data {{ tensors {{ classes: {CLASSES}
          train {{ name: "input" file: "x.npy" }} train {{ name: "target" file: "y.npy" }}
        }} validation_fraction: 0 }}"""
        text = (program.ROOT / "configs/finetune_resnet18.textproto").read_text()
        start, end = text.index("data {"), text.index("batch {")
        cls.text = re.sub(r"^epochs: .*$", "steps: 2", text[:start] + data + text[end:], flags=re.MULTILINE)
        cls.text = re.sub(r"units: \d+", f"units: {CLASSES}", cls.text).replace("size: 32", "size: 4")

    def train(self, text, name, ranks=1, options=()):
        run = self.path / name
        program.train(text, run, ranks, ("--data", self.path, *options))
        return run

    def test_the_logits_are_those_of_pytorch_and_the_trunk_stays(self):
        text = self.text.replace(' skip: "fc.*"', "")
        run = self.train(text, "whole", options=("--dump", "fc@1"))
        dumped = next((run / "dumps").glob("**/*.npy"))
        logits = numpy.load(dumped)
        with torch.no_grad():
            expected = self.model(torch.from_numpy(self.pictures)).numpy()
        # Rows come in the order of the samples that were drawn.
        for row in logits:
            self.assertLess(numpy.abs(expected - row).max(axis=1).min(), 1e-4)

        back = self.path / "back.safetensors"
        program.run((program.PROGRAM, "export", run, "--names", "TORCHVISION_RESNET", "-o", back))
        returned = load_file(back)
        ours = ResNet18(CLASSES)
        missing = ours.load_state_dict({k: torch.from_numpy(v) for k, v in returned.items()}, strict=False)
        self.assertEqual(missing.unexpected_keys, [])
        self.assertTrue(all(name.endswith("num_batches_tracked") for name in missing.missing_keys), missing.missing_keys)
        before = arrays_of(self.model)
        for name, values in returned.items():
            same = numpy.array_equal(values, before[name])
            self.assertEqual(same, not name.startswith("fc."), name)

    def test_a_head_for_other_classes_starts_at_random_and_learns(self):
        text = self.text.replace(f"units: {CLASSES}", "units: 7").replace(f"classes: {CLASSES}", "classes: 7")
        run = self.train(text, "head", ranks=2)
        head = load_file(run / "checkpoints/latest/model.safetensors")["fc.weight"]
        self.assertEqual(head.shape, (7, 512))

    def test_what_does_not_match_is_named_before_training(self):
        text = self.text.replace(' skip: "fc.*"', "").replace(f"units: {CLASSES}", "units: 7")
        text = text.replace(f"classes: {CLASSES}", "classes: 7")
        with self.assertRaises(AssertionError) as raised:
            self.train(text, "wrong")
        self.assertIn("'fc.weight' has shape (5, 512) there, the model needs (7, 512)", str(raised.exception))
        self.assertIn("'fc.bias' has shape (5) there, the model needs (7)", str(raised.exception))


if __name__ == "__main__":
    program.main()
