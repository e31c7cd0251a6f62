"""What reading a damaged archive raises."""

import zipfile
import zlib

# Of a zip file, as a `.keras` file or an .npz is one: it asks for other means of unpacking, for a password, for bytes
# that are not there, for names in no encoding.
DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)
