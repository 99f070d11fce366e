"""Pages of docs whose commands do what the page says."""

import asyncio
from pathlib import Path

from app.api.schemas.configuration import ConfigurationDocument
from app.services.configuration.read import parse
from tests.api.service import DOCUMENT, Service
from tests.docs.pages import block, page
from tests.docs.reader import read


async def reads(name: str, service: Service, address: str, folder: Path, **environment: str) -> None:
    """The page's commands are run with the key of the role admin."""
    key = await service.key("admin")
    given = {"API": f"{address}/v1", "AUTH": f"Authorization: Bearer {key}", "GILIRAN_KEY": key, **environment}
    await asyncio.to_thread(lambda: read(page(name), folder, address=address, **given))


async def test_configuration(service: Service, address: str, tmp_path: Path) -> None:
    await reads("docs/configuration.md", service, address, tmp_path)


async def test_configuration_files(bare: Service, address: str, tmp_path: Path) -> None:
    await reads("docs/configuration-files.md", bare, address, tmp_path)


def test_a_file_from_the_page_is_right() -> None:
    file = block(page("docs/configuration-files.md"), "yaml")
    ConfigurationDocument.model_validate(parse(file.encode(), suffix=".yaml").document)


async def test_work_in_hand(bare: Service, address: str, tmp_path: Path) -> None:
    """Four tickets of Ani's that the page moves about; the third waits, because nobody was there when it came."""
    queue = DOCUMENT["queues"][0]
    queues = [queue, {**queue, "name": "network", "teams": ["senior"]}, {**queue, "name": "old"}]
    assert (await bare.apply({**DOCUMENT, "queues": queues})).status_code == 200
    await bare.ticket(external_id="crm-3")
    await bare.post("/v1/queues/general/pause")
    await bare.come("ani")
    await bare.post("/v1/queues/general/resume")
    await bare.post("/v1/tickets/ext:crm-3/return", {})
    for name in ("crm-1", "crm-2", "crm-4"):
        await bare.ticket(external_id=name, queue="general")
    await reads("docs/work-in-hand.md", bare, address, tmp_path, AGENT=f"Authorization: Bearer {await bare.key('ani')}")


async def test_customers(service: Service, address: str, tmp_path: Path) -> None:
    await reads("docs/customers.md", service, address, tmp_path)
