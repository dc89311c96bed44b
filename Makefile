# make run    build and talk to the bot in the terminal
# make test   build and run every test
# make demo   a Matrix homeserver on this machine, with the bot in it
# The rest: test SAN=address,undefined   bench   fuzz   lint   format   coverage   install
# DEPS=no forbids installing what is missing.

CC = gcc
PREFIX = /usr/local
DESTDIR =
SAN =
O = 2

BUILD = build$(if $(SAN),/san)
comma = ,

PACKAGES = glib-2.0 gio-2.0 sqlite3 libcmark-gfm yaml-0.1 libcjson libedit libcurl
# Asked only once the check of the machine has passed (.ci/deps): recursive on purpose.
PACKAGES_CFLAGS = $(shell pkg-config --cflags $(PACKAGES))
PACKAGES_LIBS = $(shell pkg-config --libs $(PACKAGES)) \
	-lcmark-gfm-extensions -lstemmer -lm

# Shadowing is looked for among locals: a variable may well be called as the
# typedef that g_autoptr() wants of its type (struct entry *entry). And schema
# files are longer than the 4,095 bytes that C promises of a string.
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow=local -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2 -Wno-overlength-strings
HARDENING = $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE \
	-fno-strict-overflow
VERSION = 0.1.0
RELEASED = 2026-11-23
CPPFLAGS = -D_GNU_SOURCE -I. -I$(BUILD) -DZNATOK_VERSION='"$(VERSION)"' \
	-DZNATOK_RELEASED='"$(RELEASED)"'
CFLAGS = -std=gnu17 -O$(O) -g $(WARNINGS) $(HARDENING) \
	$(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer) \
	$(COVERAGE)
LDFLAGS = -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN)) $(COVERAGE)

SOURCES := $(sort $(filter-out bot/main.c,\
	$(wildcard config/*.c kb/*.c kb/*/*.c bot/*.c bot/*/*.c bot/*/*/*.c)))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
UNITS := $(sort $(wildcard tests/config/*.c tests/kb/*.c tests/bot/*.c tests/*/*/*.c))
UNIT_PROGRAMS := $(UNITS:%.c=$(BUILD)/%)

FUZZERS := $(filter-out replay,$(patsubst tests/fuzz/%.c,%,\
	$(wildcard tests/fuzz/*.c)))
SCRIPTS := $(sort $(wildcard tests/*/*.t))

.DEFAULT_GOAL = run
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all run test demo check-deps bench bench-% fuzz lint format coverage install clean

all: $(BUILD)/znatok $(BUILD)/znatok.1

# The bot, where it is configured; else the console.
run: $(BUILD)/znatok
	@if [ -e bot.conf ]; then exec $(BUILD)/znatok run; \
	else exec $(BUILD)/znatok console; fi

$(BUILD)/znatok: $(BUILD)/bot/main.o $(BUILD)/libznatok.a
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGES_LIBS)

$(BUILD)/znatok.1: $(BUILD)/znatok
	@$(BUILD)/znatok manual > $@

$(BUILD)/libznatok.a: $(OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

# A schema file becomes a C string for db.c to include.
SCHEMAS := $(wildcard bot/store/schema/*/*.sql)
$(BUILD)/%.sql.h: %.sql
	@mkdir -p $(@D)
	@sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/; $$s/$$/,/' $< > $@

$(BUILD)/%.o: %.c $(BUILD)/deps | $(SCHEMAS:%=$(BUILD)/%.h)
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(PACKAGES_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libznatok.a
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGES_LIBS)

# Asked once; whoever changes the list of libraries is asked again.
$(BUILD)/deps: .ci/deps
	@mkdir -p $(@D)
	@DEPS=$(DEPS) CC=$(CC) .ci/deps build
	@touch $@

$(BUILD)/deps-test: .ci/deps $(BUILD)/deps
	@DEPS=$(DEPS) CC=$(CC) .ci/deps test
	@touch $@

# A library that counts statements, requests and answers, and kills the process
# after the one that KILL_AFTER names; only tests preload it.
$(BUILD)/tests/kill/killer.so: tests/kill/killer.c $(BUILD)/deps
	@mkdir -p $(@D)
	@$(CC) -shared -fPIC -O2 -D_GNU_SOURCE -o $@ $< -ldl

# The small homeserver that the tests of the Matrix side talk to.
MOCK := $(patsubst %.c,$(BUILD)/%.o,$(filter-out tests/mock/clock.c,\
	$(wildcard tests/mock/*.c)))
$(BUILD)/tests/mock/homeserver: $(MOCK)
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs gio-2.0 libcjson)

# Another time, and a faster one, for a program that it is preloaded into.
$(BUILD)/tests/mock/clock.so: tests/mock/clock.c $(BUILD)/deps
	@mkdir -p $(@D)
	@$(CC) -std=gnu17 -shared -fPIC -O2 -D_GNU_SOURCE $(WARNINGS) -o $@ $< -ldl

$(FUZZERS:%=$(BUILD)/tests/fuzz/%): $(BUILD)/tests/fuzz/%: \
		$(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o \
		$(BUILD)/libznatok.a
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGES_LIBS)

# The real parts: made once, kept, and shared by every kind of build.
build/venv/ready: tests/peers/requirements.txt
	@DEPS=$(DEPS) CC=$(CC) .ci/deps demo
	@echo "  PIP   build/venv: a real Matrix homeserver, some 250 MB, once"
	@python3 -m venv build/venv
	@build/venv/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@

build/node/ready: tests/peers/package.json tests/peers/package-lock.json
	@DEPS=$(DEPS) CC=$(CC) .ci/deps test
	@echo "  NPM   build/node: a real Matrix client"
	@mkdir -p $(@D) && cp $^ $(@D)
	@npm ci --prefix $(@D) --ignore-scripts --no-audit --no-fund --silent
	@touch $@

PEERS = build/venv/ready build/node/ready

demo: $(BUILD)/znatok build/venv/ready
	@BUILD=$(BUILD) exec python3 tests/peers/demo.py

test: $(BUILD)/deps-test $(PEERS) $(BUILD)/znatok $(BUILD)/znatok.1 $(UNIT_PROGRAMS) \
		$(BUILD)/tests/kill/killer.so $(BUILD)/tests/mock/homeserver \
		$(BUILD)/tests/mock/clock.so $(FUZZERS:%=$(BUILD)/tests/fuzz/%)
	@BUILD=$(BUILD) SAN=$(SAN) \
		prove --failures --comments --exec '' $(UNIT_PROGRAMS) $(SCRIPTS)

# Each fuzzer for SECONDS, with what it finds kept below build/. One of them:
# make fuzz FUZZERS=note SECONDS=600
SECONDS = 60
fuzz: $(BUILD)/deps $(SCHEMAS:%=$(BUILD)/%.h)
	@DEPS=$(DEPS) CC=$(CC) .ci/deps fuzz
	@for name in $(FUZZERS); do \
		mkdir -p build/fuzz/$$name; \
		echo "  FUZZ  $$name"; \
		clang $(CPPFLAGS) -std=gnu17 -O1 -g -fno-omit-frame-pointer \
			-fsanitize=fuzzer,address,undefined \
			-fno-sanitize-recover=undefined $(PACKAGES_CFLAGS) \
			-o build/fuzz/$$name/fuzz tests/fuzz/$$name.c \
			$(SOURCES) $(PACKAGES_LIBS) && \
		build/fuzz/$$name/fuzz -max_total_time=$(SECONDS) \
			-print_final_stats=1 -verbosity=0 -max_len=16384 \
			-artifact_prefix=build/fuzz/$$name/ \
			build/fuzz/$$name tests/corpus/$$name || exit 1; \
	done

# A report to think about, not a gate: form, long functions, deep nesting,
# what clang-tidy finds.
C_FILES = $(shell git ls-files '*.c' '*.h')
lint: $(SCHEMAS:%=$(BUILD)/%.h)
	@DEPS=$(DEPS) CC=$(CC) .ci/deps lint
	@clang-format --dry-run $(C_FILES) 2>&1 | grep -c warning: | \
		sed 's/^/lines that clang-format would change: /' || true
	@clang-tidy --quiet $(filter bot/% kb/% config/%,$(filter %.c,$(C_FILES))) \
		-- $(CPPFLAGS) -std=gnu17 $(PACKAGES_CFLAGS) 2>/dev/null || true

format:
	@DEPS=$(DEPS) CC=$(CC) .ci/deps lint
	@clang-format -i $(C_FILES)

# build/cov/coverage.html, after all the tests.
coverage:
	@DEPS=$(DEPS) CC=$(CC) .ci/deps coverage
	@$(MAKE) test BUILD=build/cov O=0 COVERAGE=--coverage
	@gcovr --root . --filter 'bot/' --filter 'kb/' --filter 'config/' \
		--html-details build/cov/coverage.html --print-summary build/cov

install: all
	install -D -m 755 $(BUILD)/znatok $(DESTDIR)$(PREFIX)/bin/znatok
	install -D -m 644 $(BUILD)/znatok.1 \
		$(DESTDIR)$(PREFIX)/share/man/man1/znatok.1
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/znatok/notes kb/notes/*.md
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/doc/znatok \
		README.md LICENSE bot.conf.example
	sed 's|@BINDIR@|$(PREFIX)/bin|' config/znatok.service.in | \
		install -D -m 644 /dev/stdin \
		$(DESTDIR)$(PREFIX)/lib/systemd/system/znatok.service

clean:
	rm -rf build

# Figures for the README. The rival is measured in the same run: machines are
# noisy, so compare. BENCH=DIR is a folder on the disk to measure.
BENCH = $(BUILD)/bench
$(BUILD)/tests/bench/libraries: tests/bench/libraries.c $(BUILD)/deps
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -Wl,--no-as-needed $(LDFLAGS) -o $@ $< $(PACKAGES_LIBS)

# A bot on the best known library is another rival; without it, that row is
# missing.
NIO = matrix-nio==0.26.0
build/nio/ready:
	@echo "  PIP   build/nio: $(NIO), to be measured beside the bot"
	@python3 -m venv build/nio
	@build/nio/bin/pip install -q --disable-pip-version-check $(NIO) || \
		echo "without $(NIO): it is not measured"
	@touch $@

# One of them: make bench BENCH_ONLY=load. SOAK=10000000 for a longer soak,
# TIMES= for more or fewer answers on Synapse.
BENCH_ONLY = process lookup commands quiz latency load initial idle soak synapse
BENCH_PROGRAMS = $(patsubst tests/bench/%.c,$(BUILD)/tests/bench/%,\
	$(wildcard tests/bench/*.c))
bench-process:
	@$(BUILD)/tests/bench/process $(BUILD)/znatok \
		$(BUILD)/tests/bench/libraries 21
bench-lookup:
	@$(BUILD)/tests/bench/lookup 20000
bench-commands bench-quiz: bench-%:
	@cd $(BENCH) && $(CURDIR)/$(BUILD)/tests/bench/$* $(CURDIR)/kb/notes 200
bench-latency bench-load bench-initial bench-idle: bench-%:
	@BUILD=$(BUILD) BENCH=$(BENCH) python3 tests/bench/matrix.py $*
bench-soak:
	@BUILD=$(BUILD) BENCH=$(BENCH) SOAK=$(SOAK) python3 tests/bench/soak.t
bench-synapse: build/venv/ready build/nio/ready
	@BUILD=$(BUILD) BENCH=$(BENCH) python3 tests/bench/synapse.py

bench: $(BUILD)/znatok $(BENCH_PROGRAMS) $(BUILD)/tests/mock/homeserver
	@rm -rf $(BENCH) && mkdir -p $(BENCH)
	@for name in $(BENCH_ONLY); do \
		$(MAKE) -s bench-$$name || exit 1; \
	done
	@rm -rf $(BENCH)

-include $(MOCK:.o=.d) $(OBJECTS:.o=.d) $(BUILD)/bot/main.d $(UNITS:%.c=$(BUILD)/%.d)
