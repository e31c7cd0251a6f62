"""The modules of the package, imported in one direction: all imports count, those inside functions too."""

import ast
import pathlib

PACKAGE = pathlib.Path(__file__).parents[1] / "wgan_keras"


def modules():
    """{dotted name: path} of every module of the package."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()


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


GRAPH = {name: imported(name) for name in MODULES}


def test_the_graph_sees_imports_of_every_form():
    assert "wgan_keras.backend" in GRAPH["wgan_keras.models.adversarial"]
    assert {"wgan_keras.backend.tensorflow", "wgan_keras.backend.jax"} <= GRAPH["wgan_keras.backend"]
    assert len(GRAPH) > 60


def test_no_circle():
    done, path = set(), []

    def visit(name):
        assert name not in path, " imports ".join([*path[path.index(name) :], name])
        if name not in done:
            path.append(name)
            for each in sorted(GRAPH[name]):
                visit(each)
            path.pop()
            done.add(name)

    for name in MODULES:
        visit(name)
