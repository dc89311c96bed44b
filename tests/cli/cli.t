#!/usr/bin/env python3
"""The contract of the command line: exit statuses, JSON, one line an error."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

BUILD = pathlib.Path(os.environ.get("BUILD", "build")).resolve()
NOTES = pathlib.Path("tests/transcripts/notes").resolve()
number = failed = 0


def result(good, text, more=""):
    global number, failed
    number += 1
    failed += not good
    print(("ok" if good else "not ok") + f" {number} - {text}", flush=True)
    if not good:
        print("\n".join("# " + line[:300] for line in str(more).splitlines()))


def main():
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        environment = {"LANG": "C.UTF-8", "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}

        def run(*words, **more):
            more.setdefault("stdout", subprocess.PIPE)
            return subprocess.run([BUILD / "znatok", *words], stderr=subprocess.PIPE, text=True,
                                  env=environment, cwd=home, timeout=120, **more)

        # ask
        done = run("ask", "--kb", NOTES, "--json", "пшд")
        answer = json.loads(done.stdout)
        result(done.returncode == 0 and list(answer) == ["query", "understood", "status", "entries"]
               and answer["query"] == "пшд" and answer["understood"] == "gil"
               and answer["status"] == "answer", "ask: an answer", done.stdout)
        result(list(answer["entries"][0]) ==
               ["id", "title", "file", "line", "language", "bucket", "score"]
               and answer["entries"][0]["bucket"] == 0 and answer["entries"][0]["score"] == 0,
               "ask: an entry found by name", answer)
        done = run("ask", "--kb", NOTES, "--json", "кэш")
        answer = json.loads(done.stdout)
        result(done.returncode == 0 and answer["status"] == "choices" and answer["understood"] is None
               and 2 <= len(answer["entries"]) <= 5, "ask: choices", done.stdout)
        done = run("ask", "--kb", NOTES, "--json", "kubernetes")
        answer = json.loads(done.stdout)
        result(done.returncode == 1 and answer["status"] == "none" and answer["entries"] == [],
               "ask: nothing is 1", done.stdout)
        result(run("ask", "--kb", NOTES, "gil", "--json").returncode in (0, 1)
               and "{" not in run("ask", "--kb", NOTES, "gil", "--json").stdout,
               "options stand before the first word")

        # parse
        (home / "n.md").write_bytes("## A\n\n**Вопрос:** q\u009b\x1b[31m?\n\n**Ответ:**\n\n```c\n\tx\n```\n"
                                    .encode())
        done = run("parse", "--json", "n.md")
        entry = json.loads(done.stdout)
        result(list(entry) == ["id", "title", "path", "tags", "aliases", "language", "dialect", "file",
                               "line", "brief", "questions", "answer", "code"]
               and entry["brief"] is None and entry["tags"] == [] and entry["file"] == "n.md"
               and entry["code"] == [{"language": "c", "text": "\tx\n"}], "parse: an entry", done.stdout)
        for command in (["parse"], ["parse", "--json"], ["check"], ["check", "--json"]):
            out = run(*command, "n.md").stdout
            result(not any(ord(c) < 32 and c != "\n" or 127 <= ord(c) < 160 for c in out),
                   " ".join(command) + ": no control characters of notes", repr(out))

        # check
        done = run("check", "n.md")
        result(done.returncode == 0 and done.stdout.splitlines()[-1] ==
               "1 notes, 1 entries, 1 questions; 0 errors, 0 warnings", "check: counts", done.stdout)
        (home / "bad.md").write_text("---\ntitle: [\n---\n## A\nx\n")
        done = run("check", "--json", "bad.md")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        result(done.returncode == 1 and list(lines[0]) == ["file", "line", "level", "text"]
               and list(lines[-1]) == ["notes", "entries", "questions", "errors", "warnings"]
               and lines[-1]["errors"] == 1, "check: an error is 1", done.stdout)

        # all
        for words in (["ask"], ["parse"], ["check"], ["ask", "--nope"], ["dance"], ["run", "x"], []):
            done = run(*words)
            result(done.returncode == 2 and (not words or done.stderr.count("\n") == 1),
                   "used wrongly is 2: " + " ".join(words), done.stderr)
        for words in (["parse", "nowhere.md"], ["run"], ["ask", "--config", "nowhere", "x"]):
            done = run(*words)
            result(done.returncode == 1 and done.stderr.count("\n") == 1,
                   "failed is 1: " + " ".join(words), done.stderr)
        for command in ("ask", "parse", "check", "console", "run", "manual"):
            result(run(command, "--help").returncode == 0, command + " --help is 0")
        for words in (["ask", "--kb", NOTES, "gil"], ["parse", NOTES], ["check", NOTES], ["manual"]):
            with open("/dev/full", "w") as full:
                done = run(*words, stdout=full)
            result(done.returncode == 1 and "output" in done.stderr,
                   f"{words[0]}: a full output is 1", done.stderr)
        result("console" in run("run").stderr, "run without a network offers the console")

        # bot.conf
        (home / "bot.conf").write_text("[bot]\nprefx = ?\nlanguage = de\n")
        done = run("run")
        result(done.returncode == 1 and "bot.conf:2" in done.stderr and "did you mean prefix" in done.stderr
               and "ru, en, auto" in done.stderr, "bot.conf: each mistake with line and remedy", done.stderr)
        (home / "bot.conf").write_text(f"[bot]\nlanguage = ru\n[notes]\nfolders = {NOTES}\n")
        done = run("console", "--script", input="alice: !q nothinghere\nalice: !lang auto\n"
                   "alice: !q nothinghere\nalice: !lang en\nalice: !set language\nalice: !lang\n")
        result(done.stdout.count("ничего нет") == 1 and done.stdout.count("say nothing") == 1
               and "по-русски" in done.stdout.splitlines()[-1],
               "bot.conf: its language, and a room that wants the writer's", done.stdout)
        done = run("console", "--script", input="/join root admin\nalice: !q Кубернетес\n"
                   "alice: !q что такое кубернетес?\nbob: !q кубернетес!\nroot: !gaps\n")
        result("3 раза, 2 человека" in done.stdout, "!gaps counts by what was meant", done.stdout)
    print(f"1..{number}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
