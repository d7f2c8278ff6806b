# The commands of the project. Everything they do is in .ci/ and works without make too: see README.md.

PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run demo test check screenshots dictionary bench ci lock setup-run setup-dev

help: ## esta lista
	@sed -n 's/^\([a-z]*\):[^#]*## */  make \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'
	@echo '  Opciones para el programa o las pruebas: make run ARGS="--profile /tmp/prueba"'

run: setup-run ## prepara lo necesario y abre el programa con sus datos
	@$(BIN)/python main.py $(ARGS)

demo: setup-run ## abre el programa con datos de ejemplo que se borran al salir
	@profile=$$(mktemp -d) && trap 'rm -rf "$$profile"' EXIT INT TERM && \
	$(BIN)/python main.py --demo --profile "$$profile" $(ARGS)

test: setup-dev ## prepara lo necesario y pasa todas las pruebas
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: setup-dev ## estilo, tipos, capas, migraciones y reglas propias
	@$(BIN)/python .ci/steps.py check

screenshots: setup-run ## recorre el programa y renueva las imágenes de docs/pictures
	@$(BIN)/python main.py --tour build/tour && $(BIN)/python .ci/pictures.py build/tour

dictionary: setup-dev ## escribe docs/data-dictionary.md según las declaraciones
	@$(BIN)/python .ci/dictionary.py

bench: setup-dev ## mide la velocidad con 100.000 contactos
	@$(BIN)/python -m tests.bench $(ARGS)

ci: ## lo mismo que la integración continua
	@bash .ci/run

lock: setup-dev ## fija de nuevo las versiones de las bibliotecas
	@$(BIN)/python .ci/lock.py

setup-run:
	@$(PYTHON) .ci/setup.py run

setup-dev:
	@$(PYTHON) .ci/setup.py dev
