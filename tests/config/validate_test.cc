#include <gmock/gmock.h>

#include "config/load.h"
#include "config_testing.h"

namespace seve {
namespace {

using ::testing::HasSubstr;

struct Impossible {
  const char* set;       // applied to kComplete
  const char* expected;  // part of the message after "--set <set>: "
};

const Impossible kImpossible[] = {
    {"data={}", "data needs a source"},
    {"data.validation_fraction=1",
     "data.validation_fraction is 1; it must be at least 0 and below 1"},
    {"data.validation_fraction=-0.1", "it must be at least 0 and below 1"},
    {"data.normalize={ mean: 0.1 }", "data.normalize needs both 'mean' and 'deviation'"},
    {"data.normalize={ mean: 0.1 deviation: 0 }",
     "data.normalize.deviation is 0; it must be above 0"},
    {"data.normalize={ mean: inf deviation: 1 }", "must be a finite number"},
    {"data.normalize={ mean: [0.1, 0.2, 0.3] deviation: [0.1, 0.2] }",
     "data.normalize has 3 numbers of 'mean' but 2 of 'deviation'"},
    {"data.augment={}", "data.augment[0] needs an operation: pad_and_crop {}"},
    {"data.augment={ pad_and_crop { padding: 0 } }",
     "data.augment[0].pad_and_crop.padding is 0; it must be above 0"},
    {"data.augment={ flip { probability: 1.5 } }",
     "data.augment[0].flip.probability is 1.5; it must be from 0 to 1"},
    {"data.augment={ flip { probability: 0.5 alternating: true } }",
     "data.augment[0].flip.probability has no meaning with 'alternating'"},
    {"data.augment={ random_resized_crop { smallest_area: 0.5 largest_area: 0.25 } }",
     "needs 'smallest_area' up to 'largest_area', not 0.5 and 0.25"},
    {"data.augment={ random_resized_crop { narrowest: 1.5 } }",
     "data.augment[0].random_resized_crop.narrowest is 1.5; it must be from 0 to 1"},
    {"data.augment={ color_jitter {} }", "data.augment[0].color_jitter changes nothing"},
    {"data.augment={ color_jitter { contrast: 2 } }",
     "data.augment[0].color_jitter.contrast is 2; it must be from 0 to 1"},
    {"data.augment={ cutout { side: -1 } }",
     "data.augment[0].cutout.side is -1; it must be above 0"},
    {"data.validation_fraction=nan", "data.validation_fraction must be a finite number"},
    {"data.prefetch=-1", "data.prefetch is -1; it must be at least 0"},
    {"data.mnist.classes=0", "data.mnist.classes is 0; it must be from 1 to 256"},
    {"data.mnist.classes=300", "data.mnist.classes is 300; it must be from 1 to 256"},
    {"data.mnist.test_prefix=", "data.mnist.test_prefix is empty"},
    {"data.idx={}", "data.idx needs 'folder', the folder of its four files"},
    {"data.idx={ folder: '.' classes: 0 }", "data.idx.classes is 0; it must be from 1 to 256"},
    {"data.idx={ folder: '.' test_prefix: '' }", "data.idx.test_prefix is empty"},
    {"data.digits.train=0", "data.digits.train is 0; it must be above 0"},
    {"data.digits.test=-4", "data.digits.test is -4; it must be above 0"},
    {"data.cifar10={ coarse: true }", "CIFAR-100 alone has superclasses"},
    {"data.image_folder={}", "data.image_folder needs 'path'"},
    {"data.image_folder={ path: 'a' train: '' }", "data.image_folder.train is empty"},
    {"data.image_folder={ path: 'a' height: 4 }", "needs both 'height' and 'width'"},
    {"data.image_folder={ path: 'a' height: 4 width: 0 }",
     "data.image_folder.width is 0; it must be above 0"},
    {"data.image_folder={ path: 'a' resize: 9 }", "resize needs 'height' and 'width'"},
    {"data.image_folder={ path: 'a' height: 4 width: 6 resize: 5 }",
     "data.image_folder.resize is 5; it must be at least 6"},
    {"data.image_folder={ path: 'a' channels: 2 }", "3 for colour, 1 for grey"},
    {"data.image_folder={ path: 'a' threads: 0 }",
     "data.image_folder.threads is 0; it must be above 0"},
    {"data.synthetic.classes=0", "data.synthetic.classes is 0; it must be above 0"},
    {"data.tensors={}", "data.tensors needs 'train', one for each field"},
    {"data.tensors={ train { file: 'x.npy' } }", "data.tensors.train[0] needs a 'name'"},
    {"data.tensors={ train { name: 'in put' file: 'x.npy' } }", "made of letters, digits and _"},
    {"data.tensors={ train { name: 'input' } }", "data.tensors.train[0] needs 'file'"},
    {"data.tensors={ train { name: 'input' file: 'x.txt' } }",
     "data.tensors.train[0].file is 'x.txt'; it must be called .npy, .safetensors or .csv"},
    {"data.tensors={ train { name: 'input' file: 'x.npy' tensor: 'a' } }",
     "data.tensors.train[0].tensor chooses within a .safetensors file"},
    {"data.tensors={ train { name: 'input' file: 'x.npy' column: 'a' } }",
     "data.tensors.train[0].column chooses within a .csv file"},
    {"data.tensors={ train { name: 'input' file: 'x.csv' column: ['a', 'a'] } }",
     "data.tensors.train[0].column names 'a' twice"},
    {"data.tensors={ train { name: 'a' file: 'x.npy' } train { name: 'a' file: 'y.npy' } }",
     "two fields are called 'a'"},
    {"data.tensors={ train { name: 'input' file: 'x.npy' } test { name: 'inptu' file: 'y.npy' } }",
     "data.tensors.train has no field 'inptu' as test has; did you mean 'input'?"},
    {"data.tensors={ train { name: 'input' file: 'x.npy' } train { name: 'target' file: 'y.npy' } "
     "test { name: 'input' file: 'z.npy' } }",
     "data.tensors.test has no field 'target' as train has"},
    {"data.tensors={ train { name: 'target' file: 'x.npy' kind: VALUES } "
     "test { name: 'target' file: 'y.npy' kind: CLASSES } }",
     "data.tensors.test[0].kind is that of the field in train"},
    {"data.tensors={ train { name: 'a' file: 'x.npy' kind: CLASSES } "
     "train { name: 'b' file: 'y.npy' kind: CLASSES } }",
     "data.tensors.train has 2 fields of kind CLASSES"},
    {"data.tensors={ train { name: 'target' file: 'x.npy' } classes: 0 }",
     "data.tensors.classes is 0; it must be at least 1"},
    {"data.tensors={ train { name: 'target' file: 'x.npy' } standardize: true }",
     "data.tensors.standardize works on the field 'input'"},
    {"data={ tensors { train { name: 'input' file: 'x.npy' } standardize: true } "
     "normalize { mean: 0 deviation: 1 } }",
     "data.normalize and data.tensors.standardize do the same work"},
    {"data={ tensors { train { name: 'input' file: 'x.npy' } } permute_pixels {} }",
     "data.permute_pixels shuffles the pixels of mnist, idx and digits"},
    {"data={ spirals {} normalize { mean: 0 deviation: 1 } }",
     "data.normalize is for pictures stored as bytes"},
    {"data.spirals.samples=0", "data.spirals.samples is 0; it must be above 0"},
    {"data.spirals.test=-1", "data.spirals.test is -1; it must be at least 0"},
    {"data.spirals.noise=-1", "data.spirals.noise is -1; it must be at least 0"},
    {"data.spirals.turns=0", "data.spirals.turns is 0; it must be above 0"},
    {"data.points={}", "data.points needs samples"},
    {"data.points={ point { input: [1, 2] target: 1 } point { input: [1] target: 1 } }",
     "data.points.point[1].input has 1 numbers, that of the first point 2"},
    {"data.points={ point { input: 1 } }", "data.points.point[0] needs 'target'"},
    {"data.curve.samples=0", "data.curve.samples is 0; it must be above 0"},
    {"data.curve.noise=-1", "data.curve.noise is -1; it must be at least 0"},
    {"data.curve.low=3", "data.curve needs 'low' below 'high', not 3 and 3"},
    {"data.curve.function=SINUS", "did you mean 'SINE'"},
    {"batch={}", "batch needs 'size' (over all ranks) or 'size_per_rank'"},
    {"batch.size=0", "batch.size is 0; it must be above 0"},
    {"batch.size_per_rank=-2", "batch.size_per_rank is -2; it must be above 0"},
    {"batch.micro_batches=0", "batch.micro_batches is 0; it must be above 0"},
    {"batch.micro_batches=7", "batch.size 64 cannot be cut into 7 equal micro_batches"},
    {"reproducible=true", "reproducible needs batch.micro_batches, a power of two"},
    {"reduction.bucket_mib=0", "reduction.bucket_mib is 0; it must be from 0.0001 to 1e+06"},
    {"reduction.bucket_mib=1e30", "reduction.bucket_mib is 1e+30"},
    {"reduction.wire=FP16", "did you mean 'FP32' or 'BF16'?"},
    {"distribution=ZERO_2", "did you mean 'ZERO_1'?"},
    {"replica_check.every_steps=-1", "replica_check.every_steps is -1; it must be at least 0"},
    {"deadlines.silence=-1", "deadlines.silence is -1; it must be at least 0"},
    {"batch.micro_batches=128", "batch.size 64 cannot be cut into 128 equal micro_batches"},
    {"model={}", "the model has no layers"},
    {"model.hidden={}", "layer 'hidden' needs a kind, one of linear, flatten, dropout"},
    {"model.hidden.linear={}", "model.hidden.linear needs 'units', its number of outputs"},
    {"model.hidden.linear.units=0", "model.hidden.linear.units is 0; it must be above 0"},
    {"model.hidden.dropout.rate=1",
     "model.hidden.dropout.rate is 1; it must be at least 0 and below 1"},
    {"model.hidden.dropout.rate=1.5", "model.hidden.dropout.rate is 1.5"},
    {"model.hidden.leaky_relu.slope=-1",
     "model.hidden.leaky_relu.slope is -1; it must be at least 0"},
    {"model.hidden.elu.alpha=-1", "model.hidden.elu.alpha is -1; it must be at least 0"},
    {"model.hidden.conv2d={}", "model.hidden.conv2d needs 'channels', its number of outputs"},
    {"model.hidden.conv2d={ channels: 3 }", "model.hidden.conv2d needs 'kernel'"},
    {"model.hidden.conv2d={ channels: 0 kernel: 3 }",
     "model.hidden.conv2d.channels is 0; it must be above 0"},
    {"model.hidden.conv2d={ channels: 3 kernel: [3, 0] }",
     "model.hidden.conv2d.kernel[1] is 0; it must be at least 1"},
    {"model.hidden.conv2d={ channels: 3 kernel: [3, 3, 3] }",
     "model.hidden.conv2d.kernel has 3 numbers; give one, or height and width"},
    {"model.hidden.conv2d={ channels: 3 kernel: 3 padding: -1 }",
     "model.hidden.conv2d.padding[0] is -1; it must be at least 0"},
    {"model.hidden.conv2d={ channels: 3 kernel: 3 groups: 0 }",
     "model.hidden.conv2d.groups is 0; it must be above 0"},
    {"model.hidden.conv2d={ channels: 3 kernel: 3 bias: false bias_initializer { zeros {} } }",
     "there is nothing for 'bias_initializer' to start"},
    {"model.hidden.conv_transpose2d={ channels: 3 }",
     "model.hidden.conv_transpose2d needs 'kernel'"},
    {"model.hidden.conv_transpose2d={ channels: 3 kernel: 3 stride: [3, 2] output_padding: 2 }",
     "model.hidden.conv_transpose2d.output_padding is 2, but must be below stride, 2"},
    {"model.hidden.maxout=", "model.hidden.maxout needs 'units', its number of outputs"},
    {"model.hidden.maxout={ units: 3 pieces: 0 }",
     "model.hidden.maxout.pieces is 0; it must be above 0"},
    {"model.hidden.maxout={ units: 3 bias: false bias_initializer { zeros {} } }",
     "there is nothing for 'bias_initializer' to start"},
    {"model.hidden.hard_tanh={ low: 1 }", "model.hidden.hard_tanh needs 'low' below 'high'"},
    {"model.hidden.linear.weight_initializer=",
     "model.hidden.linear.weight_initializer needs a kind"},
    {"model.hidden.linear.weight_initializer.normal.deviation=0",
     "model.hidden.linear.weight_initializer.normal.deviation is 0; it must be above 0"},
    {"model.hidden.linear.bias_initializer.uniform.low=1",
     "model.hidden.linear.bias_initializer.uniform needs 'low' below 'high'"},
    {"model.hidden.linear.bias_initializer.uniform={ low: -3e38 high: 3e38 }",
     "model.hidden.linear.bias_initializer.uniform needs 'low' below 'high', by less than 3.4e38"},
    {"model.hidden.linear.weight_initializer.xavier.gain=0",
     "model.hidden.linear.weight_initializer.xavier.gain is 0; it must be above 0"},
    {"model.hidden.linear={ units: 3 bias: false bias_initializer { zeros {} } }",
     "there is nothing for 'bias_initializer' to start"},
    {"model.hidden.name=a.b", "a layer is called 'a.b'; names are made of letters, digits"},
    {"model.hidden.name=", "a layer is called ''; names are made of letters, digits"},
    {"model.hidden.name=input", "no layer may be called 'input'"},
    {"model.hidden.name=flatten_1", "two layers are called 'flatten_1', the first at f:4:3"},
    {"model.scores.input=hiden",
     "layer 'scores' reads 'hiden', which is no layer; did you mean 'hidden'?"},
    {"model.scores.input=[hidden, flatten_1]",
     "layer 'scores' takes one input, but 2 are given: join them with add or concatenate"},
    {"model.hidden.add=",
     "layer 'hidden' joins two inputs or more; for example: input: \"a\" input: \"b\""},
    {"model.hidden={ name: 'hidden' input: 'input' concatenate {} }",
     "layer 'hidden' joins two inputs or more"},
    {"model.hidden.max_pool=",
     "model.hidden.max_pool needs 'size', one number or height and width"},
    {"model.hidden.max_pool.size=[2, 0]",
     "model.hidden.max_pool.size[1] is 0; it must be at least 1"},
    {"model.hidden.average_pool.size=[1, 2, 3]",
     "model.hidden.average_pool.size has 3 numbers; give one, or height and width"},
    {"model.hidden.max_pool={ size: 2 stride: 0 }",
     "model.hidden.max_pool.stride[0] is 0; it must be at least 1"},
    {"model.hidden.max_pool={ size: [4, 3] padding: 2 }",
     "model.hidden.max_pool.padding is 2, but must be at most half of size, 3: a window must have "
     "a pixel"},
    {"model.hidden.average_pool={ size: [4, 3] padding: [2, 2] }",
     "model.hidden.average_pool.padding is 2, but must be at most half of size, 3"},
    {"model.hidden.pad=", "model.hidden.pad needs 'amount', one number for all sides or four"},
    {"model.hidden.pad.amount=[1, 2]", "model.hidden.pad needs 'amount'"},
    {"model.hidden.pad.amount=[1, 0, 0, -1]",
     "model.hidden.pad.amount[3] is -1; it must be at least 0"},
    {"model.hidden.pad.amount=0", "model.hidden.pad.amount is 0, which pads nothing"},
    {"model.hidden.pad={ amount: 1 mode: REFLECT value: 2 }",
     "model.hidden.pad.value is what mode: CONSTANT puts, but mode is REFLECT"},
    {"model.hidden.upsample.scale=0", "model.hidden.upsample.scale is 0; it must be above 0"},
    {"model.hidden.batch_norm={ epsilon: 0 }",
     "model.hidden.batch_norm.epsilon is 0; it must be above 0"},
    {"model.hidden.batch_norm={ momentum: 2 }", "model.hidden.batch_norm.momentum is 2"},
    {"model.hidden.layer_norm={ axes: 0 }",
     "model.hidden.layer_norm.axes is 0; it must be above 0"},
    {"model.hidden.group_norm=", "model.hidden.group_norm needs 'groups'"},
    {"model.hidden.group_norm={ groups: 0 }",
     "model.hidden.group_norm.groups is 0; it must be above 0"},
    {"model.hidden.reshape=", "model.hidden.reshape needs 'shape', that of one sample"},
    {"model.hidden.reshape.shape=[1, 0]", "model.hidden.reshape.shape[1] is 0; it must be above 0"},
    {"loss={}", "loss needs a kind"},
    {"loss.input=score", "the loss scores 'score', which is no layer; did you mean 'scores'?"},
    {"loss.weight=-1", "loss[0].weight is -1; it must be at least 0"},
    {"loss.cross_entropy.label_smoothing=1",
     "loss[0].cross_entropy.label_smoothing is 1; it must be at least 0 and below 1"},
    {"loss.hinge.margin=0", "loss[0].hinge.margin is 0; it must be above 0"},
    {"optimizer={}", "optimizer needs a kind"},
    {"optimizer.sgd.learning_rate=-0.1",
     "optimizer.sgd.learning_rate is -0.1; it must be at least 0"},
    {"optimizer.sgd.learning_rate=inf", "optimizer.sgd.learning_rate must be a finite number"},
    {"optimizer.sgd.learning_rate=nan", "optimizer.sgd.learning_rate must be a finite number"},
    {"optimizer.sgd.momentum=1.1", "optimizer.sgd.momentum is 1.1; it must be from 0 to 1"},
    {"optimizer.sgd.nesterov=true", "optimizer.sgd.nesterov needs a momentum above 0"},
    {"optimizer.sgd.weight_decay=-1", "optimizer.sgd.weight_decay is -1; it must be at least 0"},
    {"optimizer.rmsprop.alpha=1", "optimizer.rmsprop.alpha is 1"},
    {"optimizer.rmsprop.epsilon=0", "optimizer.rmsprop.epsilon is 0; it must be above 0"},
    {"optimizer.adam.beta1=1", "optimizer.adam.beta1 is 1; it must be at least 0 and below 1"},
    {"optimizer.adamw.beta2=-0.5", "optimizer.adamw.beta2 is -0.5"},
    {"optimizer.adamw.epsilon=-1", "optimizer.adamw.epsilon is -1; it must be above 0"},
    {"optimizer.clip_norm=0", "optimizer.clip_norm is 0; it must be above 0"},
    {"optimizer.reference_batch_size=0", "optimizer.reference_batch_size is 0"},
    {"optimizer.average.decay=1",
     "optimizer.average.decay is 1; it must be at least 0 and below 1"},
    {"optimizer.schedule.warm_up_epochs=-1", "optimizer.schedule.warm_up_epochs is -1"},
    {"optimizer.schedule.warm_up_start=2",
     "optimizer.schedule.warm_up_start is 2; it must be from 0 to 1"},
    {"optimizer.schedule.step.every_epochs=0", "optimizer.schedule.step.every_epochs is 0"},
    {"optimizer.schedule.step.factor=0", "optimizer.schedule.step.factor is 0"},
    {"optimizer.schedule.multi_step=", "optimizer.schedule.multi_step needs 'at_epoch'"},
    {"optimizer.schedule.multi_step.at_epoch=[3, 3]",
     "optimizer.schedule.multi_step.at_epoch must rise from each epoch to the next"},
    {"optimizer.schedule.exponential.factor=-1", "optimizer.schedule.exponential.factor is -1"},
    {"optimizer.schedule.cosine.end=-1", "optimizer.schedule.cosine.end is -1"},
    {"optimizer.schedule.polynomial.power=0", "optimizer.schedule.polynomial.power is 0"},
    {"optimizer.schedule.plateau.patience=-1",
     "optimizer.schedule.plateau.patience is -1; it must be at least 0"},
    {"optimizer.schedule.plateau.factor=0", "optimizer.schedule.plateau.factor is 0"},
    {"optimizer.schedule.plateau.factor=1", "optimizer.schedule.plateau.factor is 1"},
    {"optimizer.schedule.plateau.minimum_factor=2",
     "optimizer.schedule.plateau.minimum_factor is 2; it must be from 0 to 1"},
    {"optimizer.schedule.plateau.monitor.metric=f1",
     "metric 'f1' is not computed; add metrics: \"f1\" to evaluation { }"},
    {"early_stopping.patience=0", "early_stopping.patience is 0; it must be above 0"},
    {"early_stopping.patience=-3", "early_stopping.patience is -3; it must be above 0"},
    {"early_stopping.monitor.metric=top_5",
     "metric 'top_5' is not computed; add metrics: \"top_5\" to evaluation { }"},
    {"early_stopping.monitor.metric=lose", "metric 'lose' is not computed; did you mean 'loss'?"},
    {"early_stopping.monitor.minimum_change=-0.5",
     "early_stopping.monitor.minimum_change is -0.5; it must be at least 0"},
    {"early_stopping.monitor.minimum_change=nan",
     "early_stopping.monitor.minimum_change must be a finite number"},
    {"evaluation.metrics=['f2']", "there is no metric 'f2'; did you mean 'f1'?"},
    {"evaluation.metrics=['top_0']", "there is no metric 'top_0'"},
    {"evaluation.metrics=['top_']", "there is no metric 'top_'"},
    {"evaluation.metrics=['top_5x']", "there is no metric 'top_5x'"},
    {"evaluation.metrics=['f1', 'f1']", "metric 'f1' is given twice"},
    {"evaluation.metrics=['accuracy']",
     "'accuracy' is always computed; remove it from evaluation.metrics"},
    {"evaluation.best.metric=recall",
     "metric 'recall' is not computed; add metrics: \"recall\" to evaluation { }"},
    {"reporting.statistics.bins=0", "reporting.statistics.bins is 0; it must be from 1 to 1000"},
    {"reporting.statistics.every_steps=0", "reporting.statistics.every_steps is 0"},
    {"parameters={ frozen: true }", "parameters needs 'match'"},
    {"parameters={ match: '*' learning_rate_scale: -1 }",
     "parameters[0].learning_rate_scale is -1; it must be at least 0"},
    {"penalty={ match: '*' }", "penalty needs 'l1' or 'l2'"},
    {"penalty={ l1: -1 }", "penalty[0].l1 is -1; it must be at least 0"},
    {"penalty={ l2: -1 }", "penalty[0].l2 is -1; it must be at least 0"},
    {"penalty={ l2: inf }", "penalty[0].l2 must be a finite number"},
    {"epochs=0", "epochs is 0; it must be above 0"},
    {"steps=-5", "steps is -5; it must be above 0"},
    {"evaluation.every_epochs=0", "evaluation.every_epochs is 0; it must be above 0"},
    {"evaluation.every_steps=0", "evaluation.every_steps is 0; it must be above 0"},
    {"evaluation.batch_size=0", "evaluation.batch_size is 0; it must be above 0"},
    {"checkpoints.every_steps=-1", "checkpoints.every_steps is -1; it must be above 0"},
    {"checkpoints.keep=0", "checkpoints.keep is 0; it must be above 0"},
    {"deadlines.start=0", "deadlines.start is 0; it must be above 0"},
    {"deadlines.evaluation=-1", "deadlines.evaluation is -1; it must be above 0"},
    {"deadlines.checkpoint=0", "deadlines.checkpoint is 0; it must be above 0"},
    {"deadlines.step=inf", "deadlines.step must be a finite number"},
    {"deadlines.step=0", "deadlines.step is 0; it must be above 0"},
    {"reporting.every_steps=0", "reporting.every_steps is 0; it must be above 0"},
};

TEST(Validate, ImpossibleValuesAreRefusedWhereTheyWereGiven) {
  for (const auto& [set, expected] : kImpossible) {
    const std::string error =
        testing::UsageError([&] { ParseConfiguration(testing::kComplete, "f", {set}); });
    EXPECT_THAT(error, HasSubstr(std::string("--set ") + set + ": "));
    EXPECT_THAT(error, HasSubstr(expected));
  }
}

TEST(Validate, APrecisionOfGpusIsRefusedOnTheCpuAlone) {
  const std::string spoilt = testing::With("epochs: 10", "epochs: 10\nprecision: BF16");
  const std::string error =
      testing::UsageError([&] { ParseConfiguration(spoilt, "f", {"device=CPU"}); });
  EXPECT_THAT(error, HasSubstr("f:11:1: precision: BF16 is for GPUs, and device is CPU: leave "
                               "precision out"));
  for (const char* set : {"device=CUDA", "device=AUTO", "seed=1"}) {
    EXPECT_NO_THROW(ParseConfiguration(spoilt, "f", {set}));
  }
  EXPECT_NO_THROW(ParseConfiguration(testing::kComplete, "f", {"device=CPU", "precision=FP32"}));
}

TEST(Validate, ValuesAtTheEdgeOfTheirRangeAreAccepted) {
  for (const char* set : {"data.validation_fraction=0",
                          "data.validation_fraction=0.999",
                          "data.prefetch=0",
                          "batch.micro_batches=64",
                          "batch.size_per_rank=3",
                          "model.hidden.dropout.rate=0",
                          "data.mnist.classes=256",
                          "data.idx={ folder: '.' classes: 1 }",
                          "data.tensors={ train { name: 'input' file: 'x.csv' } classes: 1 }",
                          "data.spirals={ test: 0 noise: 0 samples: 1 }",
                          "data.points={ point { input: 1 target: [1, 2] } }",
                          "data.curve.samples=1",
                          "model.hidden.leaky_relu.slope=0",
                          "model.hidden.elu.alpha=0",
                          "model.hidden.hard_tanh={ low: 0 high: 6 }",
                          "model.hidden.maxout={ units: 3 pieces: 1 }",
                          "model.hidden.prelu={ initial: -1 per_feature: true }",
                          "model.scores.input=hidden",
                          "model.hidden={ name: 'hidden' input: ['input', 'input'] add {} }",
                          "model.hidden.reshape.shape=[1, 28, 28]",
                          "model.hidden.max_pool={ size: [4, 3] padding: [2, 1] }",
                          "model.hidden.average_pool={ size: 3 stride: 2 padding: 1 }",
                          "model.hidden.pad.amount=[1, 0, 0, 2]",
                          "model.flatten_1.input=input",
                          "loss.input=hidden",
                          "loss.weight=0",
                          "loss.cross_entropy.label_smoothing=0.5",
                          "optimizer.sgd.learning_rate=0",
                          "optimizer.sgd.momentum=1",
                          "penalty={ l1: 0 }",
                          "optimizer.adam.beta1=0",
                          "optimizer.sgd={ momentum: 0.5 nesterov: true }",
                          "optimizer.schedule=",
                          "optimizer.schedule.multi_step.at_epoch=[0, 0.5]",
                          "model.hidden.name=a-B_9",
                          "optimizer.schedule.plateau.patience=0",
                          "optimizer.schedule.plateau.minimum_factor=1",
                          "early_stopping.patience=1",
                          "early_stopping.monitor={ metric: 'loss' mode: MAX }",
                          "evaluation={ metrics: 'top_5' best { metric: 'top_5' } }",
                          "seed=0",
                          "checkpoints.keep=1"}) {
    EXPECT_NO_THROW(ParseConfiguration(testing::kComplete, "f", {set})) << set;
  }
}

TEST(Validate, LayersMayReadEveryFieldOfTheUsersFiles) {
  const std::string data =
      "data={ tensors { train { name: 'input' file: 'x.npy' } train { name: 'size' file: 'y.npy' } "
      "} }";
  const auto parse = [&](const std::string& input) {
    ParseConfiguration(testing::kComplete, "f", {data, "model.flatten_1.input=" + input});
  };
  EXPECT_NO_THROW(parse("size"));
  EXPECT_THAT(testing::UsageError([&] { parse("siez"); }), HasSubstr("did you mean 'size'?"));
}

TEST(Validate, ReproducibleNeedsACutOfTheBatchThatDoesNotDependOnTheRanks) {
  const auto error_of = [](const std::vector<std::string>& sets) {
    return testing::UsageError([&] { ParseConfiguration(testing::kComplete, "f", sets); });
  };
  EXPECT_THAT(error_of({"reproducible=true", "batch={ size: 60 micro_batches: 6 }"}),
              HasSubstr("micro_batches must be a power of two, not 6"));
  EXPECT_THAT(error_of({"reproducible=true", "batch={ size_per_rank: 8 micro_batches: 4 }"}),
              HasSubstr("the batch may not depend on the number of ranks: give 'size'"));
  EXPECT_THAT(
      error_of({"reproducible=true", "batch.micro_batches=16", "batch.sync_batch_norm=true"}),
      HasSubstr("statistics may not depend on the number of ranks: leave sync_batch_norm"));
  EXPECT_THAT(error_of({"reproducible=true", "batch.micro_batches=16", "reduction.wire=BF16"}),
              HasSubstr("leave wire out"));
  EXPECT_NO_THROW(
      ParseConfiguration(testing::kComplete, "f", {"reproducible=true", "batch.micro_batches=16"}));
}

TEST(Validate, WhateverLooksAtTheValidationSplitNeedsOne) {
  for (const char* set : {"evaluation.best={ metric: 'loss' }", "evaluation.restore_best=true",
                          "early_stopping={}", "optimizer.schedule.plateau={}"}) {
    EXPECT_NO_THROW(ParseConfiguration(testing::kComplete, "f", {set})) << set;
    const std::string error = testing::UsageError([&] {
      ParseConfiguration(testing::kComplete, "f", {set, "data.validation_fraction=0"});
    });
    EXPECT_THAT(error, HasSubstr("looks at the validation split, of which "
                                 "data.validation_fraction 0 leaves nothing"));
  }
}

TEST(Validate, LayersOfOneNameAreBothPlaced) {
  const std::string error = testing::UsageError(
      [] { ParseConfiguration(testing::kComplete, "f", {"model.hidden.name=scores"}); });
  EXPECT_THAT(error, ::testing::StartsWith("f:6:11: two layers are called 'scores', the first at "
                                           "--set model.hidden.name=scores; rename one"));
}

TEST(Validate, PlacesAreThoseInTheFile) {
  const std::string text = testing::With("units: 200", "units: -200");
  EXPECT_EQ(testing::UsageError([&] { ParseConfiguration(text, "f", {}); }),
            "f:5:35: model.hidden.linear.units is -200; it must be above 0");
}

TEST(Validate, AllProblemsAreReportedAtOnce) {
  std::string text = testing::With("units: 200", "units: 0");
  text.replace(text.find("size: 64"), 8, "size: -1");
  EXPECT_EQ(testing::UsageError([&] { ParseConfiguration(text, "f", {}); }),
            "f:5:35: model.hidden.linear.units is 0; it must be above 0\n"
            "f:2:9: batch.size is -1; it must be above 0");
}

}  // namespace
}  // namespace seve
