# Two stages: the packages are installed from the hashed lock, and what runs has neither a compiler nor a package manager's
# cache. It runs as nobody in particular, and says itself whether help now can be answered.
FROM python:3.12-slim AS made
COPY requirements.lock requirements-uv.lock /made/
RUN python -m venv /made/uv \
 && /made/uv/bin/pip install --no-cache-dir --require-hashes -r /made/requirements-uv.lock \
 && python -m venv --without-pip /app/venv \
 && /made/uv/bin/uv pip install --no-cache --python /app/venv/bin/python --require-hashes -r /made/requirements.lock

FROM python:3.12-slim
RUN useradd --system --no-create-home --uid 10001 peer
COPY --from=made /app/venv /app/venv
COPY bot /app/bot
COPY cards /app/cards
COPY dialogs /app/dialogs
COPY manifest /app/manifest
COPY peer_support /app/peer_support
COPY simulation /app/simulation
COPY storage /app/storage
ENV PATH=/app/venv/bin:$PATH PYTHONPATH=/app PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PEER_SUPPORT_HOST=0.0.0.0
WORKDIR /app
USER peer
EXPOSE 3978
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:3978/healthz', timeout=2)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["serve"]
