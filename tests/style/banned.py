"""Functions that are not called: unsafe ones anywhere, printing and exiting in lib/, clocks in judgement."""
import re

from style import JUDGES, code_only, files, finish, line_of, read

UNSAFE = """strcpy stpcpy strcat strncpy strncat sprintf vsprintf strtok gets alloca strdupa setjmp longjmp
gmtime localtime ctime asctime atoi atol atoll atof strtol strtoul strtoll strtoull sscanf scanf
system popen tmpnam mktemp rand srand""".split()
ALLOCATES = "malloc calloc realloc reallocarray strdup strndup asprintf vasprintf".split()
PRINTS = """printf vprintf puts putchar fprintf vfprintf fputs fputc putc perror dprintf exit _exit _Exit
quick_exit abort syslog err errx warn warnx""".split()
OUTSIDE = "time clock_gettime gettimeofday gethostname getenv secure_getenv uname getpid getuid".split()

# The places that may: each with its reason.
ALLOWED = {
    ("lib/base/mem.c", "malloc"), ("lib/base/mem.c", "calloc"), ("lib/base/mem.c", "realloc"),
    ("lib/base/mem.c", "fprintf"), ("lib/base/mem.c", "abort"),  # out of memory has no other way out
    ("lib/base/str.c", "clock_gettime"), ("lib/base/map.c", "clock_gettime"),  # the hash seed
}


def calls(text, names):
    pattern = r"(?<![\w.>])(%s)[ \t]*\(" % "|".join(map(re.escape, names))
    return re.finditer(pattern, text)


def banned_in(path):
    parts = path.split("/")
    names = list(UNSAFE)
    if parts[0] == "lib":
        names += ALLOCATES + PRINTS
        if parts[1] in JUDGES:
            names += OUTSIDE
    elif parts[0] == "cmd":
        names += ALLOCATES
    return names


def main():
    problems = []
    for path in files(".c", ".h", under=("lib/", "cmd/", "tests/", "include/")):
        text = code_only(read(path))
        for m in calls(text, banned_in(path)):
            if (path, m.group(1)) not in ALLOWED:
                problems.append("%s:%d: %s() is banned here" % (
                    path, line_of(text, m.start()), m.group(1)))
    finish(problems, "banned")


main()
