"""Reading: a file in, a Reading out; public entry points are `services` and `pipeline`.

`services` is for jobs, `pipeline` for a single file.
"""
