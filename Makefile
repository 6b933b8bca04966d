# reconcile-agent: build, try and check the project. `make` alone says how.
#
# SWIFTFLAGS reaches every build: make test SWIFTFLAGS="-j 1"
# VM says what test-vm runs: short, whole, or as scripts/test-vm.sh takes it

SWIFTFLAGS ?=
VM ?= whole

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help build test test-vm scenarios demo bench births clean lint format docs root packages-build packages-run packages-test packages-bench packages-vm release

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: packages-build release ## build the agent for release, into .build/release

test: root packages-test lint ## run every test, those on the real kernel too (as root)
	@echo "==> building the tests"
	@swift build --build-tests $(SWIFTFLAGS)
	@echo "==> running the tests"
	@scripts/run-tests.sh --skip-build $(SWIFTFLAGS)

test-vm: root packages-test packages-vm ## run tests on cgroup v2 and cut a node's power, in virtual machines (as root)
	@echo "==> building the tests"
	@swift build --build-tests $(SWIFTFLAGS)
	@echo "==> running them in a virtual machine; the processor is emulated: this takes its time"
	@scripts/test-vm.sh $(VM)
	@echo "==> cutting the power of a node, twice started"
	@scripts/test-reboot.sh

scenarios: root packages-test ## walk what users do, end to end, and print the table of it (as root)
	@swift build --build-tests $(SWIFTFLAGS)
	@RESULTS=scenarios scripts/run-tests.sh --skip-build --filter '^EndToEnd' $(SWIFTFLAGS) || true
	@RECONCILE_SCENARIO_LOG=.build/results/scenarios.txt swift test --skip-build --filter 'ScenarioTests' $(SWIFTFLAGS)

demo: root packages-run release ## push Pods to Git and watch them run, end to end (as root)
	@echo "==> running the demo"
	@scripts/demo.sh

bench: root packages-bench release ## measure on this machine, beside podman (as root)
	@scripts/bench.sh

births: root packages-test ## let a thousand Pods be born under kill -9, and look for lost addresses (as root)
	@swift build --build-tests $(SWIFTFLAGS)
	@RECONCILE_BIRTHS=1000 swift test --skip-build --filter AddressLeakTests $(SWIFTFLAGS)

lint: ## check the layout of every Swift file
	@echo "==> checking the layout of Swift files"
	@swift format lint --strict -r Package.swift Sources Tests

format: ## lay every Swift file out as the house does
	@echo "==> laying Swift files out"
	@swift format -i -r Package.swift Sources Tests

docs: ## write docs/conformance.md, and the tables of docs/manifests.md and docs/security.md
	@echo "==> writing docs/conformance.md, and the tables of docs/manifests.md and docs/security.md"
	@RENEW_DOCS=1 swift test $(SWIFTFLAGS) --filter 'ManifestsTests.ReferenceTests|ConformanceTests|SecurityChecklistTests'

clean: ## remove what was built
	@echo "==> removing .build"
	@rm -rf .build

root:
	@scripts/require-root.sh $(MAKECMDGOALS)

packages-build: purposes = build
packages-run: purposes = build run
packages-test: purposes = build run test
packages-bench: purposes = build bench
packages-vm: purposes = vm
packages-build packages-run packages-test packages-bench packages-vm:
	@echo "==> installing system packages"
	@scripts/install-packages.sh $(purposes)

release:
	@echo "==> building for release"
	@swift build -c release $(SWIFTFLAGS)
