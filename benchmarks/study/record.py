"""What the study keeps of a game or a preset: a JSON object in a file."""

import json

from wgan_keras.files.saving import write_json


class Record(dict):
    """The object in the file at `path`, empty if there is none yet."""

    def __init__(self, path):
        super().__init__(json.loads(path.read_text()) if path.exists() else {})
        self.path = path

    def keep(self, **news):
        self.update(news)
        write_json(self.path, self)

    @property
    def trainings(self):
        """Those of each seed that is over."""
        return self.get("retrained", {"seeds": []})["seeds"]
