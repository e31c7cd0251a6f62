"""Two processes against one: what a step exchanges, and the table."""

import json

from benchmarks import pages
from benchmarks.speed import scaling


def test_gradients_of_every_update_are_summed():
    model = scaling.game(scaling.Size((8, 8, 1), 2, 4, 1))
    critic, generator = (
        sum(variable.numpy().size for variable in network.trainable_variables)
        for network in (model.critic, model.generator)
    )
    assert scaling.bytes_a_step(model) == 4 * (5 * critic + generator)


def test_what_misses_its_target_is_bold():
    row = {
        "backend": "jax",
        "date": "2026-01-02",
        "machine": {"processor": "p", "cores": 2},
        "size": "28x28x1",
        "m": 64,
        "images_per_second": {"one process": [90.0, 100.0, 300.0]},
        "of_one_process": {"one process": 1.0, "two, whole batch": 1.5, "two, batch each": 1.69},
        "bytes_summed_a_step": 2_500_000,
        "bytes_of_the_networks": 1_000_000,
    }
    table = scaling.markdown({"rows": [row]})
    assert table.startswith("Measured 2026-01-02 on p, one core a process")
    assert "| jax | 28x28x1 | 64 | 100 | 1.50 | **1.69** | 2.5 | 1.0 |" in table


def test_the_pages_table_is_that_of_the_committed_results():
    table = scaling.markdown(json.loads(scaling.RESULT.read_text()))
    assert table in pages.PAGES["scaling"].read_text()


def test_a_row_takes_the_place_of_the_one_that_was_there(tmp_path, monkeypatch):
    kept = [{"backend": backend, "size": "28x28x1"} for backend in ("tensorflow", "jax")]
    monkeypatch.setattr(scaling, "RESULT", tmp_path / "scaling.json")
    assert scaling.others("jax", "28x28x1") == []
    scaling.RESULT.write_text(json.dumps({"rows": kept}))
    assert scaling.others("jax", "28x28x1") == kept[:1]
    assert scaling.others("jax", "64x64x3") == kept
