"""Latent classes by StepMix: the protocol of ../../README.md, with whole fits in milliseconds of processor time."""

import json
import sys
import time
import warnings

import numpy as np
import stepmix
from stepmix.stepmix import StepMix

for line in sys.stdin:
    try:
        request = json.loads(line)
        rows = np.fromfile(request["rows"], dtype=np.uint8).reshape(request["d"], request["n"]).T.astype(int)
        model = StepMix(
            n_components=request["k"],
            measurement="categorical",
            max_iter=request["iterations"],
            abs_tol=0,
            rel_tol=0,
            init_params="random",
            random_state=1,
            progress_bar=0,
            verbose=0,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            began = time.process_time()
            model.fit(rows)
        answer = {"fit": 1000 * (time.process_time() - began)}
    except Exception as error:  # Whatever it is, the table says it.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"version": stepmix.__version__, **answer}), flush=True)
