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

        # grade
        (home / "kb").mkdir()
        (home / "kb/a.md").write_text(
            "## Почта\n\n**Кратко:** Ящик.\n\n**Вопрос:** Что делает курьер?\n\n"
            "**Ответ:** Звонит один раз и оставляет посылку у двери.\n\n"
            "## Без вопроса\n\n**Кратко:** Ящик.\n\n## Двое\n\n**Вопрос:** А?\n\n**Ответ:** Один.\n")
        (home / "kb/b.md").write_text("## Двое\n\n**Вопрос:** Б?\n\n**Ответ:** Другой.\n")
        done = run("grade", "--kb", "kb", "--json", "почта", "звонит один раз,", "оставляет у двери посылку")
        grade = json.loads(done.stdout)
        result(done.returncode == 0 and list(grade) == ["entry", "verdict", "score", "reasons"]
               and list(grade["reasons"]) == ["matched", "missing", "flags"]
               and grade["verdict"] == "accept" and 0.6 <= grade["score"] <= 1
               and "посылку" in grade["reasons"]["matched"] and grade["reasons"]["flags"] == [],
               "grade: accepted", done.stdout)
        done = run("grade", "--kb", "kb", "--json", grade["entry"], "звонит один раз и не оставляет посылку у двери")
        other = json.loads(done.stdout)
        result(done.returncode == 0 and other["entry"] == grade["entry"] and other["verdict"] == "peers"
               and other["reasons"]["flags"] == ["contradiction"] and 0 < other["score"] <= 1,
               "grade: by id, for peers", done.stdout)
        done = run("grade", "--kb", "kb", "--json", "Почта", "не знаю")
        wrong = json.loads(done.stdout)
        result(done.returncode == 0 and wrong["verdict"] == "wrong" and wrong["score"] == 0
               and "посылку" in wrong["reasons"]["missing"], "grade: likely wrong is 0 too", done.stdout)
        done = run("grade", "--kb", "kb", "--json", "Почта", "")
        result(done.returncode == 0 and json.loads(done.stdout)["reasons"] ==
               {"matched": [], "missing": [], "flags": []}, "grade: nothing has no reasons", done.stdout)
        done = run("grade", "--kb", "kb", "Почта", "--", "звонит\x1b[31m")
        result(done.returncode == 0 and done.stdout.startswith("peers 0.") and "matched: Звонит" in done.stdout
               and "\x1b" not in done.stdout, "grade: for people", repr(done.stdout))
        done = run("grade", "--kb", "kb", "двое", "один")
        ids = done.stderr.split(":")[-1].split()
        result(done.returncode == 2 and done.stdout == "" and len(set(ids)) == 2
               and all(run("grade", "--kb", "kb", one, "один").returncode == 0 for one in ids),
               "grade: several of that title are 2 with their ids", done.stderr)
        for words in (["nowhere", "x"], ["Без вопроса", "x"]):
            done = run("grade", "--kb", "kb", *words)
            result(done.returncode == 1 and done.stderr.count("\n") == 1, "grade: 1 for " + words[0], done.stderr)

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
        for words in (["ask"], ["parse"], ["check"], ["grade"], ["grade", "x"], ["ask", "--nope"], ["dance"], ["run", "x"], []):
            done = run(*words)
            result(done.returncode == 2 and (not words or done.stderr.count("\n") == 1),
                   "used wrongly is 2: " + " ".join(words), done.stderr)
        for words in (["parse", "nowhere.md"], ["run"], ["ask", "--config", "nowhere", "x"]):
            done = run(*words)
            result(done.returncode == 1 and done.stderr.count("\n") == 1,
                   "failed is 1: " + " ".join(words), done.stderr)
        for command in ("ask", "parse", "check", "grade", "console", "run", "manual"):
            result(run(command, "--help").returncode == 0, command + " --help is 0")
        for words in (["ask", "--kb", NOTES, "gil"], ["grade", "--kb", "kb", "Почта", "x"], ["parse", NOTES], ["check", NOTES], ["manual"]):
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
