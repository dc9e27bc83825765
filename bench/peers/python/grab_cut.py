"""GrabCut of OpenCV from a box, in one thread: five iterations, as its documentation has."""

import json
import sys
import time

import cv2
import numpy as np

cv2.setNumThreads(1)

for line in sys.stdin:
    try:
        request = json.loads(line)
        shape = request["height"], request["width"], 3
        image = np.ascontiguousarray(np.fromfile(request["pixels"], np.uint8).reshape(shape)[:, :, ::-1])
        mask, models = np.zeros(shape[:2], np.uint8), (np.zeros((1, 65)), np.zeros((1, 65)))
        cv2.setRNGSeed(0)
        began = time.process_time()
        cv2.grabCut(image, mask, tuple(request["box"]), *models, 5, cv2.GC_INIT_WITH_RECT)
        answer = {"milliseconds": 1e3 * (time.process_time() - began)}
    except Exception as error:  # Whatever it is, the table says it.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"version": cv2.__version__, **answer}), flush=True)
