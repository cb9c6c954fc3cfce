# What a person types; the work is done in scripts/.

.PHONY: demo test check fmt bench dependencies clean

# From a machine with only Swift to a packaged model. KEEP=1 leaves the server running until Ctrl-C.
demo:
	@scripts/install-dependencies demo
	@scripts/demo

# Everything: format, architecture, unit, serving and end-to-end tests.
test:
	@scripts/install-dependencies test
	@scripts/test

# What takes seconds: format, architecture, file sizes.
check:
	@scripts/check-format
	@scripts/check-architecture

fmt:
	@swift format --in-place --recursive --parallel Sources Tests Package.swift

# Speed and memory beside docker, buildah and curl, as a Markdown table.
bench:
	@scripts/install-dependencies bench
	@Benchmarks/run

dependencies:
	@scripts/install-dependencies test

clean:
	@rm -rf .build .demo .tools
