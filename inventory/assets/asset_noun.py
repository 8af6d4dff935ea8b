"""Assets, as the register keeps and lists them."""

from typing import Final

from inventory.assets import assets
from inventory.assets.assets import Asset
from inventory.assets.catalogue import Product
from inventory.assets.documents import Document
from inventory.noun import Noun, Reference
from inventory.places.providers import Provider
from inventory.places.sites import Site

ASSETS: Final = Noun(
    path="assets",
    table=Asset,
    create=assets.AssetCreate,
    change=assets.AssetChange,
    read=assets.AssetRead,
    references={
        "site": Reference("site_id", Site),
        "product": Reference("product_id", Product),
        "supplier": Reference("supplier_id", Provider),
        "document": Reference("document_id", Document),
    },
    unique=("tag", "serial"),
    filters=("category", "status", "serial", "mac", "room", "custodian", "funding", "fictional"),
    ranges=("put_to_use", "warranty_until", "cost_vnd"),
    sorts=("name", "category", "status", "put_to_use", "warranty_until", "cost_vnd"),
    placed=True,
    parties=assets.parties,
    examine=assets.examine,
)
