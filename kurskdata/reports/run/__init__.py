"""The processes of a build, and what they say to each other.

::

    build: one thread for every edition that is being made ("job.work")
      |
      |  starts; a socket for each fork      +-----------------------------------------+
      |------------------------------------->| warm process ("fork_server"): has       |
      |                                      | loaded all that a report needs, and has |
      |                                      | drawn nothing                           |
      |                                      +-----------------------------------------+
      |                                          | forks                         | forks
      |  <- its number                           v                               |
      |  -> notebook, parameters, limits     +---------------------------+       |
      |  <- start, cell, exception           | report ("in_process"):    |       |
      |  <- done: notebook, tables, error    | runs one notebook, ends   |       |
      |------------------------------------->+---------------------------+       v
      |                                      +-----------------------------------------+
      |  -> function, arguments              | converter ("workers"): draws and writes |
      |  <- result or exception              | the files of one edition after another, |
      |------------------------------------->| is replaced after 32                    |
                                             +-----------------------------------------+

"fork_client" is the build's end. A connection is a pair of sockets that nobody else holds: when one end is closed,
because its process was killed or the build was stopped, the process at the other ends too, with all that it started.

Why so: a fresh process for every report leaks nothing from one into the next, and forking a warm one takes 0.15 of the
time of importing pandas and Altair. V8, which draws, does not survive a fork, so the warm process never draws.

Where nothing can fork, and with ``--engine ipykernel``, the converter has papermill run the notebook in a kernel
("kernel"). "dask" sends jobs to other machines, which have processes like these. "papermill_engine" lends reports to
papermill.
"""
