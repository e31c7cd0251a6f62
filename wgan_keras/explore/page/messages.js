// What the page tells beside its pictures.

const byId = (id) => document.getElementById(id);

// For a screen reader; for the eye only what takes its time.
export function say(text) {
  byId("status").textContent = text;
  byId("status").classList.toggle("unseen", !text.endsWith("…"));
}

export function complain(error) {
  byId("alert").textContent = error ? error.message : "";
  byId("alert").hidden = !error;
}
