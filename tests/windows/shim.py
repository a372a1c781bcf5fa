# mypy: ignore-errors
# ruff: noqa: E501
"""What Wine 8 lacks for today's wheels, as two small DLLs: the random numbers of Rust's programs, and complex functions.

Of the C runtime's complex functions Wine has stubs only; the solver's imports are pointed at others.
``shim.py SITE SYSTEM32`` needs x86_64-w64-mingw32-gcc and pefile. Only for tests under Wine; never in what users get.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

import pefile

site, system32 = map(pathlib.Path, sys.argv[1:3])
tmp = pathlib.Path(tempfile.mkdtemp())
CC = ["x86_64-w64-mingw32-gcc", "-shared", "-static-libgcc", "-O2", "-s", "-fno-builtin"]
(tmp / "b.c").write_text("""#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE p, SIZE_T n) {
  while (n) { ULONG k = n > 0x10000000 ? 0x10000000 : (ULONG) n; if (!SystemFunction036(p, k)) return FALSE; p += k; n -= k; }
  return TRUE; }
""")
subprocess.run([*CC, "-o", str(system32 / "bcryptprimitives.dll"), str(tmp / "b.c"), "-ladvapi32"], check=True)
OLD, NEW = b"api-ms-win-crt-math-l1-1-0.dll", b"zpi-ms-win-crt-math-l1-1-0.dll"
names, files = set(), []
for f in sorted(p for d in ("highsbox",) for p in (site / d).rglob("*") if p.suffix in (".pyd", ".dll")):
    pe = pefile.PE(str(f), fast_load=True)
    pe.parse_data_directories([1])
    for e in getattr(pe, "DIRECTORY_ENTRY_IMPORT", []):
        if e.dll.lower() in (OLD, NEW):
            files.append(f)
            names.update(i.name.decode() for i in e.imports)
    pe.close()
c, d = ["#include <complex.h>"], ["LIBRARY " + NEW.decode(), "EXPORTS"]
for n in sorted(names):
    m = re.fullmatch(
        r"(cabs|carg|cimag|creal|conj|cproj|catan|casin|cacos|catanh|casinh|cacosh|ccos|csin|ctan|ccosh|csinh|ctanh|cexp|clog|clog10|cpow|csqrt)([fl]?)",
        n,
    )
    if not m:
        d.append(f"  {n} = ucrtbase.{n}")
        continue
    b, s = m.groups()
    k, g = ("float", b + "f") if s == "f" else ("double", b)  # long double is double to Microsoft
    two = b == "cpow"
    c.append(
        f"{k}{'' if b in ('cabs', 'carg', 'cimag', 'creal') else ' complex'} my_{n}({k} complex a{f', {k} complex b' if two else ''}) {{ return {g}(a{', b' if two else ''}); }}"
    )
    d.append(f"  {n} = my_{n}")
(tmp / "m.c").write_text("\n".join(c) + "\n")
(tmp / "m.def").write_text("\n".join(d) + "\n")
subprocess.run([*CC, "-o", str(system32 / NEW.decode()), str(tmp / "m.c"), str(tmp / "m.def")], check=True)
for f in files:
    f.write_bytes(f.read_bytes().replace(OLD, NEW))
