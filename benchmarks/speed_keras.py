"""The contender of ``speed.py`` in Keras: the same networks, trained by ``train_on_batch``; needs TensorFlow alone."""

import os
from collections.abc import Callable

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from speed_worker import serve

tf.config.threading.set_intra_op_parallelism_threads(int(os.environ["OMP_NUM_THREADS"]))
tf.config.threading.set_inter_op_parallelism_threads(1)
LATENT_DIM, PIXELS, SHAPE, PICTURE = 64, 28 * 28, (28, 28, 1), (128, 128, 3)


def dcgan() -> tuple[keras.Model, keras.Model]:
    doubled = dict(kernel_size=4, strides=2, padding="same")
    generator = keras.Sequential(
        [
            *(keras.Input((LATENT_DIM,)), layers.Reshape((1, 1, LATENT_DIM))),
            *(layers.Conv2DTranspose(128, 7, use_bias=False), layers.BatchNormalization(), layers.ReLU()),
            *(layers.Conv2DTranspose(64, use_bias=False, **doubled), layers.BatchNormalization(), layers.ReLU()),
            layers.Conv2DTranspose(1, activation="tanh", **doubled),
        ]
    )
    discriminator = keras.Sequential(
        [
            *(keras.Input(SHAPE), layers.Conv2D(64, **doubled), layers.LeakyReLU(0.2)),
            *(layers.Conv2D(128, use_bias=False, **doubled), layers.BatchNormalization(), layers.LeakyReLU(0.2)),
            *(layers.Conv2D(1, 7, activation="sigmoid"), layers.Flatten()),
        ]
    )
    return generator, discriminator


def labeled_networks() -> tuple[keras.Model, keras.Model]:
    z, digit, image = keras.Input((LATENT_DIM,)), keras.Input((1,), dtype="int32"), keras.Input(SHAPE)
    x = layers.multiply([z, layers.Flatten()(layers.Embedding(10, LATENT_DIM)(digit))])
    for size in (128, 256, 512):
        x = layers.BatchNormalization(momentum=0.8)(layers.LeakyReLU(0.2)(layers.Dense(size)(x)))
    x = layers.Reshape(SHAPE)(layers.Dense(PIXELS, activation="tanh")(x))
    generator = keras.Model([z, digit], x)
    x = layers.multiply([layers.Flatten()(image), layers.Flatten()(layers.Embedding(10, PIXELS)(digit))])
    for size in (256, 128):
        x = layers.LeakyReLU(0.2)(layers.Dense(size)(x))
    return generator, keras.Model([image, digit], layers.Dense(1, activation="sigmoid")(x))


def perceptrons() -> tuple[keras.Model, keras.Model]:
    z, image = keras.Input((LATENT_DIM,)), keras.Input(SHAPE)
    x = z
    for size in (128, 256, 512):
        x = layers.BatchNormalization(momentum=0.8)(layers.LeakyReLU(0.2)(layers.Dense(size)(x)))
    generator = keras.Model(z, layers.Reshape(SHAPE)(layers.Dense(PIXELS, activation="tanh")(x)))
    x = layers.Flatten()(image)
    for size in (256, 128):
        x = layers.LeakyReLU(0.2)(layers.Dense(size)(x))
    return generator, keras.Model(image, layers.Dense(1)(x))


def normalized(x: object) -> object:
    """Instance normalization without parameters."""
    return layers.GroupNormalization(groups=-1, center=False, scale=False, epsilon=1e-5)(x)


def translator(width: int = 32, depth: int = 4) -> keras.Model:
    """The U-Net of chapter 9."""
    inputs = x = keras.Input(PICTURE)
    skips = []
    for level in range(depth):
        x = layers.Conv2D(width * 2**level, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(normalized(x) if 0 < level < depth - 1 else x)
        skips.append(x)
    for skip in reversed(skips[:-1]):
        x = layers.Conv2D(skip.shape[-1], 3, padding="same")(layers.UpSampling2D(2)(x))
        x = layers.Concatenate()([layers.ReLU()(normalized(x)), skip])
    return keras.Model(inputs, layers.Conv2D(3, 3, padding="same", activation="tanh")(layers.UpSampling2D(2)(x)))


def patch_judge(width: int = 64, halvings: int = 3) -> keras.Model:
    """The PatchGAN of chapter 9."""
    inputs = x = keras.Input(PICTURE)
    for level in range(halvings + 1):
        x = layers.Conv2D(width * 2**level, 4, strides=2 if level < halvings else 1)(layers.ZeroPadding2D(1)(x))
        x = layers.LeakyReLU(0.2)(normalized(x) if level else x)
    return keras.Model(inputs, layers.Conv2D(1, 4)(layers.ZeroPadding2D(1)(x)))


def cyclegan(images: np.ndarray, labels: np.ndarray) -> Callable:
    """Both judges by themselves, on what ``predict`` translates; then both translators in a combined model of six losses."""
    keras.utils.set_random_seed(0)
    pairs = [np.random.uniform(-1, 1, (2, 1, *PICTURE)).astype("float32") for _ in images]
    to_y, to_x, of_x, of_y = translator(), translator(), patch_judge(), patch_judge()
    valid, fake = np.ones((1, *of_x.output_shape[1:])), np.zeros((1, *of_x.output_shape[1:]))
    for judge in (of_x, of_y):
        judge.compile(loss="mse", optimizer=adam(), metrics=["accuracy"])
        judge.train_on_batch(pairs[0][0], valid)  # see game()
        judge.trainable = False
    x, y = keras.Input(PICTURE), keras.Input(PICTURE)
    fake_y, fake_x = to_y(x), to_x(y)
    outputs = [of_x(fake_x), of_y(fake_y), to_x(fake_y), to_y(fake_x), to_x(x), to_y(y)]
    combined = keras.Model([x, y], outputs)
    combined.compile(loss=["mse", "mse", *["mae"] * 4], loss_weights=[1, 1, 10, 10, 1, 1], optimizer=adam())

    def step(x: np.ndarray, y: np.ndarray) -> None:
        fake_y, fake_x = to_y.predict(x, verbose=0), to_x.predict(y, verbose=0)
        for judge, real, made in ((of_x, x, fake_x), (of_y, y, fake_y)):
            judge.train_on_batch(real, valid)
            judge.train_on_batch(made, fake)
        combined.train_on_batch([x, y], [valid, valid, x, y, x, y])

    return lambda: [step(*pair) for pair in pairs]


def adam() -> keras.optimizers.Optimizer:
    return keras.optimizers.Adam(2e-4, beta_1=0.5)


def game(make: Callable, labeled: bool, images: np.ndarray, labels: np.ndarray) -> Callable:
    """A compiled discriminator, and the combined model in which it is frozen."""
    keras.utils.set_random_seed(0)
    batch_size = 100
    x = ((images.astype("float32") - 127.5) / 127.5)[..., None]
    digits = labels.astype("int32")[:, None]
    real, fake = np.ones((batch_size, 1)), np.zeros((batch_size, 1))
    generator, discriminator = make()
    discriminator.compile(loss="binary_crossentropy", optimizer=adam(), metrics=["accuracy"])
    # Keras 3 reads what is trainable when it first trains, not when it compiles: so it trains once before it is frozen.
    told = [digits[:batch_size]] if labeled else []
    discriminator.train_on_batch([x[:batch_size], *told] if labeled else x[:batch_size], real)
    discriminator.trainable = False
    inputs = [keras.Input((LATENT_DIM,)), *([keras.Input((1,), dtype="int32")] if labeled else [])]
    generated = generator(inputs if labeled else inputs[0])
    combined = keras.Model(inputs, discriminator([generated, inputs[1]] if labeled else generated))
    combined.compile(loss="binary_crossentropy", optimizer=adam())

    def pair(first: np.ndarray, told: np.ndarray) -> object:
        return [first, told] if labeled else first

    def epoch() -> None:
        for _ in range(len(x) // batch_size):
            chosen = np.random.randint(0, len(x), batch_size)
            noise = np.random.normal(0, 1, (batch_size, LATENT_DIM))
            generated = generator.predict(pair(noise, digits[chosen]), verbose=0)
            discriminator.train_on_batch(pair(x[chosen], digits[chosen]), real)
            discriminator.train_on_batch(pair(generated, digits[chosen]), fake)
            noise = np.random.normal(0, 1, (batch_size, LATENT_DIM))
            combined.train_on_batch(pair(noise, digits[chosen]), real)

    before = [np.array(network.get_weights()[0]) for network in (discriminator, generator)]
    epoch()
    after = [np.array(network.get_weights()[0]) for network in (discriminator, generator)]
    assert all((b != a).any() for b, a in zip(before, after, strict=True)), "both players must learn"
    return epoch


def wgan(images: np.ndarray, labels: np.ndarray) -> Callable:
    """The same with the product of label and score as loss, five steps of the critic, and clipped weights."""
    keras.utils.set_random_seed(0)
    batch_size = 100
    x = ((images.astype("float32") - 127.5) / 127.5)[..., None]
    real, fake = np.ones((batch_size, 1)), -np.ones((batch_size, 1))
    generator, critic = perceptrons()

    def product(wanted: object, score: object) -> object:
        return ops.mean(wanted * score)

    critic.compile(loss=product, optimizer=keras.optimizers.RMSprop(5e-5))
    critic.train_on_batch(x[:batch_size], -real)  # see game()
    critic.trainable = False
    z = keras.Input((LATENT_DIM,))
    combined = keras.Model(z, critic(generator(z)))
    combined.compile(loss=product, optimizer=keras.optimizers.RMSprop(5e-5))

    def epoch() -> None:
        for _ in range(len(x) // (5 * batch_size)):
            for _ in range(5):
                noise = np.random.normal(0, 1, (batch_size, LATENT_DIM))
                generated = generator.predict(noise, verbose=0)
                critic.train_on_batch(x[np.random.randint(0, len(x), batch_size)], -real)
                critic.train_on_batch(generated, -fake)
                for layer in critic.layers:
                    layer.set_weights([np.clip(weight, -0.01, 0.01) for weight in layer.get_weights()])
            combined.train_on_batch(noise, -real)

    return epoch


class Latent(layers.Layer):
    """A sample of the posterior; adds the KL divergence to the loss."""

    def __init__(self) -> None:
        super().__init__()
        self.seed = keras.random.SeedGenerator(0)

    def call(self, inputs: list) -> object:
        mean, log_var = inputs
        kl = -0.5 * ops.sum(1 + log_var - ops.square(mean) - ops.exp(log_var), axis=-1)
        self.add_loss(ops.mean(kl))
        return mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean), seed=self.seed)


def vae(images: np.ndarray, labels: np.ndarray) -> Callable:
    """Trained by ``fit``, as the introductions do it."""
    keras.utils.set_random_seed(0)
    x = images.reshape(len(images), PIXELS).astype("float32") / 255
    inputs = keras.Input((PIXELS,))
    hidden = layers.Dense(512, activation="relu")(inputs)
    z = Latent()([layers.Dense(2)(hidden), layers.Dense(2)(hidden)])
    outputs = layers.Dense(PIXELS, activation="sigmoid")(layers.Dense(512, activation="relu")(z))
    model = keras.Model(inputs, outputs)
    model.compile(optimizer="adam", loss=lambda x, y: keras.losses.binary_crossentropy(x, y) * PIXELS)
    return lambda: model.fit(x, x, epochs=1, batch_size=128, verbose=0)


if __name__ == "__main__":
    serve(
        {
            "vae": vae,
            "wgan": wgan,
            "cyclegan": cyclegan,
            "cgan": lambda *data: game(labeled_networks, True, *data),
            "dcgan": lambda *data: game(dcgan, False, *data),
        }
    )
