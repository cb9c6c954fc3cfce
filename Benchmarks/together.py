"""Several images of one artifact beside one of them, and beside docker's builds of their contexts."""

import shutil
import statistics
from functools import reduce

from measuring import received, registry, say, settle
from workbench import BASE, MIB, TRITON_BASE, median, write_weights


def together_table(bench):
    """The same number of weights in each build, each time new to the registry and to everyone's caches."""
    ids = bench.integrations
    runs = {"one": [], "several": [], "docker": []}
    uploads = {"one": [], "several": [], "docker": []}
    bases = {name: TRITON_BASE if name == "docker-triton" else BASE for name in ids}
    if TRITON_BASE in bases.values():
        bench.make_triton_base()
    with registry(bench.work / "registry", logs_requests=True) as host:
        for base in sorted(set(bases.values())):
            bench.publish_base(host, base)
        arguments = [f"{name}:dockerfileBaseImage={host}/{base}" for name, base in bases.items()]

        def packager(model, name, integrations):
            tag = f"{name}-{{{{ Integration }}}}:1"
            return bench.build(model, host, tag, integrations=integrations, arguments=arguments)

        def contexts(model):
            return {name: render(bench, model, name, f"{host}/{bases[name]}") for name in ids}

        def docker(contexts, tag):
            built = (
                bench.docker_build_and_push(context, f"{host}/docker-{name}:{tag}")
                for name, context in contexts.items()
            )
            return reduce(lambda sum, run: sum + run, built)

        def count(name, inputs, build):
            settle(*inputs)
            before = received(bench.work / "registry")
            runs[name].append(build())
            uploads[name].append(received(bench.work / "registry") - before)

        # Environments and wrappers are there from an earlier model, as they are in the comparison of weights.
        small = write_weights(bench.work / "small", 1, 0)
        packager(small, "warm", ids)
        docker(contexts(small), "warm")
        for number in range(1, bench.repeat + 1):
            say(f"together, round {number} of {bench.repeat}")
            # Neither is the first of all rounds.
            order = [("one", ids[:1]), ("several", ids)]
            for name, integrations in order if number % 2 else reversed(order):
                model = write_weights(bench.work / "weights", bench.size, 2000 + 3 * number + (name == "one"))
                count(name, [model], lambda: packager(model, f"{name}-{number}", integrations))
            rendered = contexts(write_weights(bench.work / "weights", bench.size, 2000 + 3 * number + 2))
            count("docker", rendered.values(), lambda: docker(rendered, number))
    label = "several images" if len(ids) > 1 else "the same image again"
    rows = [
        (f"**packager build**, {ids[0]}", "one"),
        (f"**packager build**, {label}: {', '.join(ids)}", "several"),
        ("docker build + docker push of their contexts", "docker"),
    ]
    lines = [
        f"| {bench.size} MiB of weights to images in a registry | seconds | beside one | MiB uploaded | beside one |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for title, name in rows:
        seconds = median(runs[name])
        spread = f" ({min(run.seconds for run in runs[name]):.2f}–{max(run.seconds for run in runs[name]):.2f})"
        size = statistics.median(uploads[name])
        lines.append(
            f"| {title} | {seconds:.2f}{spread} | {seconds / median(runs['one']):.2f} × | {size / MIB:.2f} | "
            f"{size / statistics.median(uploads['one']):.4f} × |"
        )
    return "\n".join(lines)


def render(bench, model, integration, base):
    """The context that Packager writes for other builders, with its wheels: they need no package index."""
    context = bench.work / f"context-{integration}"
    shutil.rmtree(context, ignore_errors=True)
    bench.packager(
        "render", model, "--integration", integration, "--base", base, "--plain-http", "--wheels", "--output", context
    )
    return context
