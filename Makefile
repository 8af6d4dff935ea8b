# What can be done with quang from a checkout. `make help` lists it.
# Làm được gì với quang từ thư mục mã nguồn. Gõ `make help` để xem.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SHELL  := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

## Everyday
.PHONY: help
help: ## List the targets / Liệt kê các lệnh
	@awk -F ':.*## ' '/^## /{print "\n" substr($$0, 4)} /^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: debian-demo $(VENV)/.demo api/static/vendor/.built ## Start the simulated district / Chạy thử huyện mô phỏng
	@$(BIN)/quang demo

.PHONY: install
install: debian-demo $(VENV)/.demo api/static/vendor/.built ## Install all that `quang up` needs, or a newer version / Cài đặt, nâng cấp
	@echo "Ready / Đã cài xong: $(BIN)/quang up"

.PHONY: test
test: debian-test $(VENV)/.dev api/static/vendor/.built ## Run every test / Chạy toàn bộ kiểm thử
	@$(BIN)/python -m tests $(ARGS)

.PHONY: check
check: debian-test $(VENV)/.dev api/static/vendor/.built ## Format, lint, types, floors, rules, translations / Kiểm tra mã nguồn
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/quang render --to build/render
	promtool check config --syntax-only build/render/prometheus.yml
	promtool check rules build/render/rules/*.yml
	amtool check-config build/render/alertmanager.yml
	$(BIN)/pytest -q tests/conventions tests/alerts/test_moments.py tests/api/views/test_i18n.py

.PHONY: bench
bench: debian-test $(VENV)/.dev ## Measure, as ratios in one run / Đo tốc độ
	$(BIN)/python -m tests.bench

.PHONY: format
format: $(VENV)/.dev ## Format the code and mend what can be mended / Định dạng mã
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: docs
docs: $(VENV)/.dev ## Write the generated pages of docs/ anew / Sinh lại các trang tài liệu
	$(BIN)/python -m api.docs

.PHONY: lock
lock: ## Pin the dependencies anew, with hashes (needs uv) / Ghim lại phiên bản thư viện
	uv pip compile pyproject.toml $(LOCK) --extra demo -o requirements/demo.txt
	uv pip compile pyproject.toml $(LOCK) --extra demo --extra dev -o requirements/dev.txt
	printf 'hatchling>=1.27\neditables\npip\n' | uv pip compile - $(LOCK) -o requirements/build.txt
LOCK := -q --upgrade --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --python-version 3.11

.PHONY: clean
clean: ## Remove what was built here / Xoá những gì đã sinh ra
	rm -rf $(VENV) node_modules build dist api/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What they need. Each step runs only if what it depends on changed.
.PHONY: debian-demo debian-test
debian-demo:
	@requirements/debian/install demo
debian-test:
	@requirements/debian/install test

PIP := $(BIN)/pip --disable-pip-version-check --quiet

$(VENV)/.made: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "quang needs Python 3.11 or newer / cần Python 3.11 trở lên")'
	@echo "Making the virtual environment / Tạo môi trường Python…"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements/build.txt
	@touch $@

$(VENV)/.demo: $(VENV)/.made requirements/demo.txt pyproject.toml
	@echo "Installing Python packages / Cài thư viện Python…"
	@$(PIP) install --require-hashes -r requirements/demo.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.demo requirements/dev.txt
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

api/static/vendor/.built: package.json package-lock.json api/static/build.mjs
	@echo "Installing front-end assets / Cài thành phần giao diện…"
	@npm ci --no-audit --no-fund --loglevel=error
	@npm run --silent build
	@touch $@
