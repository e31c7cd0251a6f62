"""A static page on which generators run in the browser: a folder for any web server, or for one of this machine."""
