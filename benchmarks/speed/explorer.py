"""How fast the explorer's page is in headless Chromium: its first picture, and pictures a second while one is dragged.

    python -m benchmarks.speed.explorer

Writes the page of PRESETS into a temporary folder and opens it ROUNDS times, each time in a browser context without a
cache. A picture counts when it is put on its canvas. While the pointer goes back and forth over the held picture for
SECONDS, every frame of the browser brings one movement. Writes benchmarks/speed/results/explorer.json and its table in
docs/explorer.md, in about two minutes. It needs the extra [export], Playwright, Chromium and ONNX Runtime Web.
"""

import pathlib
import tempfile
import threading

from benchmarks import chromium, machine, pages
from benchmarks.speed import RESULTS
from benchmarks.speed.timing import spread
from wgan_keras.explore import serving
from wgan_keras.explore.folder import write
from wgan_keras.files.saving import write_json

MODULE = "benchmarks.speed.explorer"
RESULT = RESULTS / "explorer.json"
PRESETS = ("wgan_gp_fashion_mnist", "wgan_gp_fashion_mnist_labels", "wgan_gp_emoji")
ROUNDS = 5
SECONDS = 5.0
FIRST_AT_MOST = 2.0  # seconds
A_SECOND_AT_LEAST = {"wgan_gp_fashion_mnist": 30, "wgan_gp_fashion_mnist_labels": 30}  # where pictures are 28x28

# Notes the canvas and the time, in milliseconds since the page was asked for, of each picture.
NOTE = """
window.painted = [];
const put = CanvasRenderingContext2D.prototype.putImageData;
CanvasRenderingContext2D.prototype.putImageData = function (...given) {
    painted.push([this.canvas.closest("[id]").id, performance.now()]);
    return put.apply(this, given);
};
"""
DRAWN = 'document.querySelector("#status").textContent.includes("are drawn")'
DRAG = """async milliseconds => {
    const pad = document.querySelector("#slot-a .pad"), box = pad.getBoundingClientRect();
    const send = (type, x) => pad.dispatchEvent(new PointerEvent(type, {
        clientX: box.x + x * box.width, clientY: box.y + 0.5 * box.height, pointerId: 1, bubbles: true }));
    pad.setPointerCapture = () => {};  // no pointer of the system's is behind these events
    send("pointerdown", 0.5);
    const before = painted.length, start = performance.now();
    for (let now = start; now < start + milliseconds; now = await new Promise(requestAnimationFrame))
        send("pointermove", 0.5 + 0.4 * Math.sin((now - start) / 300));
    send("pointerup", 0.5);
    return painted.slice(before).filter(([id]) => id === "slot-a").length / ((performance.now() - start) / 1000);
}"""


def opened(browser, address, preset, seconds=SECONDS):
    """Seconds to the first picture and to all 64, and pictures a second while one is dragged."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(NOTE)
    page.goto(f"{address}#model={preset}")
    page.wait_for_function(DRAWN)
    first, all_of_them = page.evaluate("[painted[0][1], performance.now()]")
    page.wait_for_function("document.querySelector('#held').ariaBusy === 'false'")
    found = {
        "first_picture": first / 1000,
        "sheet": all_of_them / 1000,
        "a_second": page.evaluate(DRAG, 1000 * seconds),
    }
    context.close()
    return found


def measure(browser, address, presets=PRESETS, rounds=ROUNDS, seconds=SECONDS):
    """{preset: {what: its median and quartiles}}; the presets take turns."""
    found = {preset: [] for preset in presets}
    for _ in range(rounds):
        for preset, runs in found.items():
            runs.append(opened(browser, address, preset, seconds))
    return {
        preset: {what: spread([run[what] for run in runs], 2) for what in runs[0]} for preset, runs in found.items()
    }


def markdown(record):
    """The table; what misses its target is bold."""
    told = record["machine"]
    lines = [
        f"Measured {record['date']} in headless Chromium {record['chromium']} on {told['processor']}, {told['cores']} "
        f"cores, by `{record['command']}`: seconds from the page's opening to its first picture (at most "
        f"{FIRST_AT_MOST:.0f}) and to all 64, and pictures a second while one is dragged (at 28x28 at least "
        f"{min(A_SECOND_AT_LEAST.values())}; Chromium shows 60 at most). Medians of {ROUNDS}; what misses "
        "its target is bold.",
        "",
        "| preset | first picture, s | 64 pictures, s | pictures a second |",
        "|---|---|---|---|",
    ]
    for preset, row in record["presets"].items():
        first, every, a_second = (row[what]["median"] for what in ("first_picture", "sheet", "a_second"))
        early, smooth = first <= FIRST_AT_MOST, a_second >= A_SECOND_AT_LEAST.get(preset, 0)
        cells = [pages.bold_unless(f"{first:.2f}", early), f"{every:.2f}", pages.bold_unless(f"{a_second:.0f}", smooth)]
        lines.append(f"| {' | '.join([preset, *cells])} |")
    return "\n".join(lines)


def main():
    with tempfile.TemporaryDirectory() as folder, chromium.launched() as browser:
        page = pathlib.Path(folder) / "page"
        write(list(PRESETS), page)
        with serving.bind(page, 0) as server:
            threading.Thread(target=server.serve_forever).start()
            try:
                found = measure(browser, serving.address(server))
            finally:
                server.shutdown()
        record = {**machine.provenance(MODULE), "chromium": browser.version, "presets": found}
    write_json(RESULT, record)
    pages.put("explorer", markdown(record))
    print(markdown(record))


if __name__ == "__main__":
    main()
