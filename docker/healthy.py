"""Health check of an Airflow service: `healthy.py COMPONENT` ends with 0 when the api-server calls it healthy.

Cheaper than `airflow jobs check`, which imports all of Airflow every time.
"""

import json
import os
import sys
from urllib.parse import urlsplit
from urllib.request import urlopen

server = urlsplit(os.environ["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"])
with urlopen(f"{server.scheme}://{server.netloc}/api/v2/monitor/health", timeout=8) as answer:  # noqa: S310  (own address)
    parts = json.load(answer)
status = parts[sys.argv[1]]["status"]
sys.exit(0 if status == "healthy" else f"{sys.argv[1]} is {status}")
