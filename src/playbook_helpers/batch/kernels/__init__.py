"""Kernels without a start: notebooks in forks of one warm process, or in workers that stay.

`forkserver` is the warm process, `link` its owner's side, `cells` the kernel in a fork, `client`
papermill's notebook client over it, `engine` what papermill calls, `manager` and `serving` a
kernel for a notebook that papermill runs elsewhere. Nothing here knows of partnerships.
"""
