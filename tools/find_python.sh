# Sets `python` to the first Python that is new enough. To be read by sh, not run.
python=
for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11 python3.14 python; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "hearth: Python 3.11 or newer is needed and was not found. On Debian and Ubuntu:" >&2
    echo "  apt-get install python3 python3-venv" >&2
    exit 1
fi
