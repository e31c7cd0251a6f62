"""The modules of the package, imported in one direction: all imports count, those inside functions too."""

import ast
import functools
import pathlib
import re
import subprocess
import sys

PACKAGE = pathlib.Path(__file__).parents[1] / "wgan_keras"


def modules():
    """{dotted name: path} of every module of the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


@functools.cache
def imported(name):
    """The package's own modules that a module imports, anywhere in its text but for type checkers."""
    tree = ast.parse(MODULES[name].read_text())
    branches = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
    for_types = [node for node in branches if ast.unparse(node.test) == "TYPE_CHECKING"]
    left_out = {id(inner) for node in for_types for part in node.body for inner in ast.walk(part)}
    found = set()
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else node.module)
    return {each for each in found if each in MODULES and each != name}


def test_the_graph_sees_imports_of_every_form():
    assert "wgan_keras.backend" in imported("wgan_keras.models.adversarial")
    assert {"wgan_keras.backend.tensorflow", "wgan_keras.backend.jax"} <= imported("wgan_keras.backend")
    assert len(MODULES) > 60


def test_no_circle():
    done, path = set(), []

    def visit(name):
        assert name not in path, " imports ".join([*path[path.index(name) :], name])
        if name not in done:
            path.append(name)
            for each in sorted(imported(name)):
                visit(each)
            path.pop()
            done.add(name)

    for name in MODULES:
        visit(name)


# From the ground up; a room imports from those before it. Presets lie below the games, which name them to be saved; the
# registry of games knows none of them.
ROOMS = (
    *(
        "_exclusions",
        "_types",
        "_text",
        "_progress",
        "_registry",
        "_schema",
        "_serializable",
        "_spec",
        "parts",
        "runtime",
        "files",
        "pipelines",
    ),
    *("backend", "random", "shares", "constraints", "losses", "divergences", "penalties", "views", "objectives"),
    *("layers", "networks", "export"),
    *("optimizers", "games", "presets", "recipes", "models"),
    *("data", "metrics", "feature_cache", "scoring", "plots", "callbacks", "samples", "publishing"),
    *("explore", "run_folder", "training", "tuning", "cli"),
)


def test_imports_run_one_way():
    def room(name):
        return name.split(".")[1]

    inner = [name for name in MODULES if name != "wgan_keras"]
    assert {room(name) for name in inner} == set(ROOMS)
    against = [
        f"{name} imports {each}"
        for name in inner
        for each in imported(name)
        if each != "wgan_keras" and ROOMS.index(room(each)) > ROOMS.index(room(name))
    ]
    assert not against, against


def test_listing_presets_imports_no_framework():
    script = (
        "import sys, wgan_keras; wgan_keras.list_presets(); import wgan_keras.data;"
        "from wgan_keras.presets import table; table.text();"
        "print([m for m in ('keras', 'tensorflow', 'jax') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr


def test_opening_a_preset_imports_no_metric_and_no_data():
    """Nor do the modules that registries import by name when they are first read."""
    homes = {name for path in MODULES.values() for name in re.findall(r'home="([\w.]+)"', path.read_text())}
    assert "wgan_keras.models" in homes
    reached, new = set(), {"wgan_keras.presets.opening", *homes}
    while new:
        reached |= new
        new = {each for name in new for each in imported(name)} - reached
    assert "wgan_keras.presets.recipe" in reached
    assert not [name for name in reached if name.split(".")[1:2] in (["metrics"], ["data"])]
