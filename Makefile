# make run    build and talk to the bot in the terminal
# make test   build and run every test
# The rest: test SAN=address,undefined   bench   fuzz   lint   format   coverage   install
# DEPS=no forbids installing what is missing.

CC = gcc
PREFIX = /usr/local
DESTDIR =
SAN =
O = 2

BUILD = build$(if $(SAN),/san)
comma = ,

PACKAGES = glib-2.0 gio-2.0 sqlite3 libcmark-gfm yaml-0.1 libcjson libedit
# Asked only once the check of the machine has passed (.ci/deps): recursive on purpose.
PACKAGES_CFLAGS = $(shell pkg-config --cflags $(PACKAGES))
PACKAGES_LIBS = $(shell pkg-config --libs $(PACKAGES)) \
	-lcmark-gfm-extensions -lstemmer -lm

WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wvla -Wformat=2
HARDENING = $(if $(SAN),,-D_FORTIFY_SOURCE=2) -fstack-protector-strong -fPIE \
	-fno-strict-overflow
VERSION = 0.1.0
CPPFLAGS = -D_GNU_SOURCE -I. -DZNATOK_VERSION='"$(VERSION)"' \
	-DZNATOK_DATA='"$(PREFIX)/share/znatok"'
CFLAGS = -std=gnu17 -O$(O) -g $(WARNINGS) $(HARDENING) \
	$(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
LDFLAGS = -pie -Wl,-z,relro,-z,now $(if $(SAN),-fsanitize=$(SAN))

SOURCES := $(sort $(filter-out bot/main.c,\
	$(wildcard config/*.c kb/*.c kb/*/*.c bot/*.c bot/*/*.c bot/*/*/*.c)))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
UNITS := $(sort $(wildcard tests/config/*.c tests/kb/*.c tests/bot/*.c tests/*/*/*.c))
UNIT_PROGRAMS := $(UNITS:%.c=$(BUILD)/%)

.DEFAULT_GOAL = run
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: run test

$(BUILD)/znatok: $(BUILD)/bot/main.o $(BUILD)/libznatok.a
	@echo "  LD    $@"
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGES_LIBS)

$(BUILD)/libznatok.a: $(OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/deps
	@mkdir -p $(@D)
	@echo "  CC    $<"
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(PACKAGES_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/libznatok.a
	@$(CC) $(LDFLAGS) -o $@ $^ $(PACKAGES_LIBS)

$(BUILD)/deps: .ci/deps
	@mkdir -p $(@D)
	@DEPS=$(DEPS) CC=$(CC) .ci/deps build
	@touch $@

-include $(OBJECTS:.o=.d) $(BUILD)/bot/main.d $(UNITS:%.c=$(BUILD)/%.d)

test: $(BUILD)/znatok $(UNIT_PROGRAMS)
	@prove --exec '' $(UNIT_PROGRAMS)
