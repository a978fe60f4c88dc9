"""Pictures, report and predictions of runs, checked by an independent PNG reader and a forward pass in numpy."""

import csv
import io
import pathlib
import re
import subprocess
import tempfile
import unittest

import numpy
import png
import program
from safetensors.numpy import load_file

CONFIGURATION = """
data {{ idx {{ folder: "{data}" }} normalize {{ mean: 0.3 deviation: 0.4 }} }}
batch {{ size: 50 }}
model {{
  layer {{ flatten {{}} }}
  layer {{ name: "hidden" linear {{ units: 16 activation: RELU }} }}
  layer {{ name: "scores" linear {{ units: 10 }} }}
}}
loss {{ cross_entropy {{}} }}
optimizer {{ sgd {{ learning_rate: 0.02 momentum: 0.9 }} }}
epochs: 3
reporting {{ statistics {{}} }}
"""
AUTOENCODER = """
data {{ idx {{ folder: "{data}" }} }}
batch {{ size: 50 }}
model {{
  layer {{ flatten {{}} }}
  layer {{ linear {{ units: 8 activation: TANH }} }}
  layer {{ linear {{ units: 784 }} }}
  layer {{ reshape {{ shape: [1, 28, 28] }} }}
}}
loss {{ target: "input" mean_squared_error {{}} }}
optimizer {{ sgd {{ learning_rate: 0.02 momentum: 0.9 }} }}
epochs: 1
"""
FIGURES = ("pictures/confusion", "pictures/gradients", "pictures/model", "curves")
PICTURES = ("best", "random", "worst", "weights-hidden", "histograms-values", "histograms-gradients")


def seve(*arguments):
    return program.run((program.PROGRAM, *arguments))


def failure(*arguments):
    """Exit code and standard error."""
    done = subprocess.run(list(map(str, (program.PROGRAM, *arguments))), capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


def enlarged(weights, times):
    """Pixels repeated, of mean 0 and norm 1."""
    pattern = numpy.kron(weights, numpy.ones((times, times)))
    pattern -= pattern.mean()
    return pattern / numpy.linalg.norm(pattern)


def find(pattern, picture):
    """Where the picture agrees best with the pattern, and their correlation there."""
    padded = numpy.zeros(picture.shape)
    padded[:pattern.shape[0], :pattern.shape[1]] = pattern
    agreement = numpy.fft.irfft2(numpy.fft.rfft2(picture) * numpy.fft.rfft2(padded).conj(), picture.shape)
    y, x = numpy.unravel_index(agreement.argmax(), picture.shape)
    part = picture[y:y + pattern.shape[0], x:x + pattern.shape[1]]
    return (y, x), numpy.corrcoef(part.ravel(), pattern.ravel())[0, 1]


class PicturesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.here = pathlib.Path(cls.folder.name)
        generator = numpy.random.default_rng(5)
        cls.test = program.make_pictures(300, generator)
        cls.test[1][:20] = (cls.test[1][:20] + 1) % 10  # mistakes, whatever was learned
        program.write_data(cls.here / "data", program.make_pictures(1500, generator), cls.test)
        cls.trained = cls.here / "run"
        program.train(CONFIGURATION.format(data=cls.here / "data"), cls.trained, 2)
        cls.model = load_file(cls.trained / "checkpoints/best/model.safetensors")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def probabilities(self, pictures):
        """The network as its configuration says, in float64."""
        x = (pictures.reshape(len(pictures), -1) / 255 - 0.3) / 0.4
        hidden = numpy.maximum(x @ self.model["hidden.weight"].T + self.model["hidden.bias"], 0)
        scores = hidden @ self.model["scores.weight"].T + self.model["scores.bias"]
        powers = numpy.exp(scores - scores.max(axis=1, keepdims=True))
        return powers / powers.sum(axis=1, keepdims=True)

    def infer(self, names, *options):
        """Rows of the table for PNG files in the folder, and what was said on standard error."""
        file = self.here / "predictions.csv"
        done = seve("infer", self.trained, *(self.here / name for name in names), "--csv", file, *options)
        return table(file.read_text()), done.stderr

    def check_agrees(self, rows, pictures):
        expected = self.probabilities(pictures)
        self.assertEqual([int(row["said"]) for row in rows], list(expected.argmax(axis=1)))
        found = [[float(row[f"p_{label}"]) for label in range(10)] for row in rows]
        numpy.testing.assert_allclose(found, expected, atol=2e-5)

    def test_a_run_leaves_its_pictures(self):
        for stem in FIGURES:
            for ending in ("svg", "pdf", "png"):
                self.assertGreater((self.trained / f"{stem}.{ending}").stat().st_size, 500, stem)
        for stem in PICTURES:
            self.assertTrue((self.trained / f"pictures/{stem}.png").exists(), stem)
        for path in self.trained.rglob("*.png"):
            height, width, _ = png.read(path).shape
            self.assertTrue(100 < height < 4000 and 100 < width < 4000, f"{path}: {width} x {height}")

    def test_weights_of_few_units_are_kept_of_each_evaluation(self):
        steps = [line["step"] for line in program.metrics(self.trained)
                 if line["event"] == "evaluation" and line["split"] == "validation"]
        kept = sorted(path.name for path in (self.trained / "pictures/weights").iterdir())
        self.assertEqual(kept, [f"hidden-step-{step:09d}.png" for step in [0, *steps]])

    def test_templates_show_the_weights_in_rows(self):
        pixels = png.read(self.trained / "pictures/weights-hidden.png").astype(float)
        picture = pixels[:, :, 0] - pixels[:, :, 2]  # red is positive, blue negative
        last = load_file(self.trained / "checkpoints/latest/model.safetensors")["hidden.weight"]
        places = []
        for unit, weights in enumerate(last.reshape(-1, 28, 28)):
            place, correlation = find(enlarged(weights, 5), picture)
            self.assertGreater(correlation, 0.95, f"unit {unit}")
            places.append(place)
        self.assertEqual(places, sorted(places))
        self.assertEqual(len({y for y, _ in places}), 4)

    def test_the_report_needs_nothing_but_itself(self):
        page = (self.trained / "report.html").read_text()
        for pattern in (r"https?://", r'src="(?!data:)', r'href="(?!#|data:)', r"url\((?!#|data:)", "<script"):
            self.assertIsNone(re.search(pattern, page), pattern)
        self.assertIn('name="viewport"', page)
        self.assertGreaterEqual(page.count("<figure>"), 10)
        best = max(line["accuracy"] for line in program.metrics(self.trained)
                   if line["event"] == "evaluation" and line["split"] == "validation")
        self.assertIn(f"{100 * best:.2f} %", page)

    def test_a_report_can_be_written_anew(self):
        before = (self.trained / "report.html").read_text()
        (self.trained / "report.html").unlink()
        seve("report", self.trained)
        self.assertEqual((self.trained / "report.html").read_text(), before)

    def test_inference_agrees_with_numpy(self):
        pictures = self.test[0][:8]
        names = [f"test-{i}.png" for i in range(len(pictures))]
        for name, pixels in zip(names, pictures):
            png.write(self.here / name, pixels)
        rows, said = self.infer(names)
        self.check_agrees(rows, pictures)
        self.assertEqual(said, "")

    def test_inference_fits_pictures_to_the_model(self):
        picture = self.test[0][0]
        png.write(self.here / "large.png", numpy.kron(picture, numpy.ones((2, 2), numpy.uint8)))
        png.write(self.here / "colour.png", numpy.stack([picture, picture // 2, 255 - picture], axis=2))
        png.write(self.here / "dark.png", 255 - picture)
        grey = numpy.rint(0.299 * picture + 0.587 * (picture // 2) + 0.114 * (255.0 - picture))
        rows, said = self.infer(["large.png", "colour.png"])
        self.check_agrees(rows, numpy.stack([picture, grey]))
        self.assertIn("large.png: 56x56 resized to 28x28", said)
        self.assertIn("colour.png: colour made grey", said)
        self.check_agrees(self.infer(["dark.png"], "--invert")[0], picture[None])

    def test_inference_names_the_runners_up(self):
        png.write(self.here / "one.png", self.test[0][1])
        shown = seve("infer", self.trained, self.here / "one.png", "--top", 2).stdout.splitlines()[-1]
        probabilities = self.probabilities(self.test[0][1:2])[0]
        first, second = numpy.argsort(-probabilities)[:2]
        self.assertRegex(shown, rf"one.png: {first} [\d.]+ %, {second} [\d.]+ %$")

    def test_the_table_of_the_test_set_agrees_with_eval(self):
        rows = table(seve("infer", self.trained).stdout)
        self.assertEqual([int(row["truth"]) for row in rows], list(self.test[1]))
        right = sum(row["said"] == row["truth"] for row in rows) / len(rows)
        said = seve("eval", self.trained, "--checkpoint", "best").stdout
        self.assertIn(f"accuracy  {100 * right:.2f} %", said)
        self.check_agrees(rows, self.test[0])

    def test_eval_draws_pictures(self):
        seve("eval", self.trained, "--pictures", self.here / "drawn")
        names = {path.name for path in (self.here / "drawn").iterdir()}
        self.assertLessEqual({"best.png", "random.png", "confusion.png", "confusion.svg"}, names)

    def test_errors_name_the_remedy(self):
        (self.here / "text.png").write_text("no picture")
        code, said = failure("infer", self.trained, self.here / "text.png")
        self.assertEqual((code, "text.png" in said), (3, True), said)
        code, said = failure("infer", self.here / "nothing")
        self.assertEqual((code, "no such run" in said), (2, True), said)
        code, said = failure("report", self.here)
        self.assertEqual((code, "no run directory" in said), (2, True), said)

    def test_reconstructions_and_no_pictures(self):
        text = AUTOENCODER.format(data=self.here / "data")
        program.train(text, self.here / "autoencoder", 2)
        self.assertTrue((self.here / "autoencoder/pictures/reconstructions.png").exists())
        program.train(text, self.here / "plain", 1, ("--set", "reporting.pictures=NO_PICTURES"))
        self.assertFalse((self.here / "plain/pictures").exists())
        self.assertFalse((self.here / "plain/report.html").exists())


if __name__ == "__main__":
    program.main()
