import pathlib
import re

from setuptools import find_packages, setup

EXPORT = ["ai-edge-litert", "onnx", "onnxruntime", "tf2onnx"]
DOCS = ["mkdocs<2", "mkdocs-material>=9.6", "mkdocstrings[python]>=1"]

here = pathlib.Path(__file__).parent
version = re.search(r'^__version__ = "(.+)"$', (here / "wgan_keras/__init__.py").read_text(), re.M).group(1)

setup(
    name="wgan_keras",
    version=version,
    description="Wasserstein GANs for Keras: right, fast and honest",
    long_description=(here / "README.md").read_text(),
    long_description_content_type="text/markdown",
    license="MIT",
    keywords=["GAN", "WGAN", "WGAN-GP", "Wasserstein", "generative adversarial network", "Keras", "TensorFlow", "JAX"],
    classifiers=[
        "Development Status :: 4 - Beta",
        "Intended Audience :: Developers",
        "Intended Audience :: Education",
        "Intended Audience :: Science/Research",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.11",
        "Topic :: Scientific/Engineering :: Artificial Intelligence",
    ],
    python_requires=">=3.11",
    packages=[*find_packages(include=["wgan_keras", "wgan_keras.*"]), "wgan_keras.zoo"],
    package_dir={"wgan_keras.zoo": "zoo"},
    package_data={
        "wgan_keras": ["py.typed"],
        "wgan_keras.data": ["avatars.mjs"],
        "wgan_keras.explore": ["page/*"],
        "wgan_keras.metrics": ["weights/*"],
        "wgan_keras.zoo": [f"*/*.{kind}" for kind in ("json", "h5", "md", "png", "csv")],
    },
    install_requires=[
        "keras>=3.15.1",  # earlier ones have known holes in the loading of models
        "keras-tuner>=1.4.8",
        "tensorflow>=2.21",
        "tensorflow-datasets>=4.9.10",
        "importlib_resources",  # used by tensorflow-datasets, which does not name it
        "tensorboard",  # no longer required by tensorflow
        "matplotlib",
        "numpy",
        "pillow>=10.1",
        "POT",
        "scikit-learn",
        "scipy",
        "tqdm",
        "typer",
    ],
    extras_require={
        "and-cuda": ["tensorflow[and-cuda]>=2.21"],
        "dev": [
            *DOCS,
            *EXPORT,
            "huggingface_hub",
            "imageio-ffmpeg",
            "jax",
            "mypy",
            "playwright",  # drives Debian's Chromium through the explorer's page
            "pre-commit",
            "pytest",
            "pytest-xdist",
            "resvg_py>=0.5",
            "ruff",
        ],
        "docs": DOCS,
        "export": EXPORT,  # files for other programs, and what runs them
        "jax": ["jax"],  # KERAS_BACKEND=jax; on a GPU install jax[cuda12] beside it
        "fidelity": ["torch-fidelity"],  # tests compare the scores with its; brings PyTorch along
        "svg": ["resvg_py>=0.5"],  # draws emoji_families and avatars
        "video": ["imageio-ffmpeg"],  # samples as an .mp4
        "hub": ["huggingface_hub"],  # presets by hf://user/repo, from the hub and to it
    },
    entry_points={"console_scripts": ["wgan-keras = wgan_keras.cli:app"]},
)
