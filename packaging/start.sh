#!/bin/sh
# In the container: a folder to work in, the first time; then JupyterLab, reachable from outside.
set -eu
[ -f _config.yml ] || playbook init .
exec jupyter lab --ip=0.0.0.0 --port=8888 --no-browser
