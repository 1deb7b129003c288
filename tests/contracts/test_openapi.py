"""Every operation of ``/api/openapi.json`` with data that fits it and data that does not, made by schemathesis.

No answer is a 5xx, each conforms to the document, and what is refused is refused in the documented form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from schemathesis.specs.openapi.checks import status_code_conformance as status_conformance

from tests.harbour import Harbour
from tminus.platform.api import ErrorAnswer, api
from tminus.platform.registry import perform

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]
CHECKS = [not_a_server_error, status_conformance, content_type_conformance, response_schema_conformance]
document = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
document.app = get_wsgi_application()


@pytest.fixture(autouse=True)
def connection_of_the_test() -> Iterator[None]:
    """A served request ends the connection it found, here the test's own: left alone, as by Django's test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def secret(harbour: Harbour) -> str:
    return str(perform("token.create", {"name": "schemathesis"}, person=harbour.hq)["secret"])


@document.parametrize()
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_operation(case: Case, harbour: Harbour, secret: str) -> None:
    if "slug" in case.path_parameters:
        case.path_parameters["slug"] = harbour.event.slug
    response = case.call(headers={"Authorization": f"Bearer {secret}"})
    case.validate_response(response, checks=CHECKS)
    if response.status_code != 200:
        ErrorAnswer.model_validate(response.json())
