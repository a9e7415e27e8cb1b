"""Workers: processes here, or those of a Dask cluster that is there already, which do one kind of task many times.

    from coursewright.workers import Work, open_workers

    with open_workers("dask://127.0.0.1:8786") as workers:
        for done in workers.each(Work("coursewright.words.telling_far:begin", order), batches, named=str):
            ...  # a TaskResult or a TaskFailure for each task, in the order of the tasks

A `Work` names a function of ours, which each worker calls once, and a `Parcel` of files that it needs there. What a
worker that dies was doing is done again by another; a task that cannot be done is a `TaskFailure`, and others go on.
"""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.workers.each import TaskFailure, TaskResult, Workers
    from coursewright.workers.opening import open_workers
    from coursewright.workers.parcel import Parcel
    from coursewright.workers.work import Work
else:
    __getattr__ = on_first_use(__name__, __file__)
