"""Cells of an executed notebook, made by hand, for the tests of reports."""

from __future__ import annotations

from typing import Any


def code(*outputs: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": "secret_code()",
        "metadata": {"tags": list(tags)},
        "outputs": list(outputs),
    }


def prose(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": text, "metadata": {}}


def shown(**data: str) -> dict[str, Any]:
    mimes = {
        "html": "text/html",
        "plain": "text/plain",
        "png": "image/png",
        "markdown": "text/markdown",
        "widget": "application/vnd.jupyter.widget-view+json",
        "script": "application/javascript",
    }
    return {"output_type": "display_data", "data": {mimes[key]: v for key, v in data.items()}}
