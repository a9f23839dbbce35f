"""The review application on a house: its ports are chosen here, as the house's are in `flows.wiring`."""

from fastapi import FastAPI

from dashboards.app import create_app
from detectors.explain import FacePictures
from flows.standing import standings
from flows.wiring import House, SpiderPlatforms, now


def dashboard(house: House) -> FastAPI:
    """The review application. It lives no longer than the house."""
    return create_app(
        record=house.record,
        blobs=house.blobs,
        index=house.index,
        pictures=FacePictures(max_pixels=house.settings.detect.max_pixels),
        platforms=SpiderPlatforms(),
        settings=house.settings,
        clock=now,
        advise=house.advice,
        connectors=lambda: [standing.connector for standing in standings(house, now())],
    )
