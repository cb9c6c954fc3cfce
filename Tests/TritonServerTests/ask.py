"""Asks what standard input says in the JSON of the Open Inference Protocol, and prints the answer in the same.

    ask.py grpc HOST:PORT MODEL     a server, over gRPC
    ask.py onnx FILE                ONNX Runtime itself
"""

import json
import sys

import numpy
from tritonclient.utils import np_to_triton_dtype, triton_to_np_dtype


def over_grpc(address, model, arrays):
    from tritonclient import grpc

    client = grpc.InferenceServerClient(address)
    inputs = []
    for name, array in arrays.items():
        tensor = grpc.InferInput(name, list(array.shape), np_to_triton_dtype(array.dtype))
        tensor.set_data_from_numpy(array)
        inputs.append(tensor)
    result = client.infer(model, inputs)
    return {output.name: result.as_numpy(output.name) for output in result.get_response().outputs}


def by_onnxruntime(file, arrays):
    import onnxruntime

    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, arrays)))


def main(way, *arguments):
    arrays = {
        tensor["name"]: numpy.array(tensor["data"], triton_to_np_dtype(tensor["datatype"])).reshape(tensor["shape"])
        for tensor in json.load(sys.stdin)["inputs"]
    }
    outputs = {"grpc": over_grpc, "onnx": by_onnxruntime}[way](*arguments, arrays)
    json.dump({"outputs": [_described(name, array) for name, array in outputs.items()]}, sys.stdout)


def _described(name, array):
    data = [value.decode() if isinstance(value, bytes) else value for value in array.reshape(-1).tolist()]
    return {
        "name": name, "datatype": np_to_triton_dtype(array.dtype), "shape": list(array.shape), "data": data,
    }


main(*sys.argv[1:])
