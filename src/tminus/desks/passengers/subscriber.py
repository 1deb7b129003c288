"""The MQTT process: ``python -m tminus.desks.passengers.subscriber``.

``tminus serve`` keeps it running where the setting ``mqtt_url`` names a broker. QoS 1 with a session the broker keeps,
and each message is acknowledged only after it has been stored: whatever is cut off, by either side, comes again, and
what comes again changes nothing.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import sys
from typing import TYPE_CHECKING, Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tminus.platform.server.stepping import keep_stepping, made_ready

if TYPE_CHECKING:
    from tminus.desks.passengers.intake.broker import Broker

LOG = logging.getLogger(__name__)
MOST_AT_ONCE = 2000
WAITING = 10_000
"""Messages held unstored; the broker keeps further ones."""
AGAIN_S = 2.0
LONGEST_RECONNECT_S = 30


class Subscriber:
    """paho's own thread fills the queue; :meth:`step` stores what is in it and then acknowledges."""

    def __init__(self, broker: Broker, client_id: str) -> None:
        self.broker = broker
        self.waiting: queue.Queue[mqtt.MQTTMessage] = queue.Queue(WAITING)
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=False, manual_ack=True
        )
        self.client.on_connect = self._on_connect
        self.client.on_disconnect = self._on_disconnect
        self.client.on_message = self._on_message
        self.client.reconnect_delay_set(1, LONGEST_RECONNECT_S)
        if broker.user:
            self.client.username_pw_set(broker.user, broker.password)
        if broker.tls:
            self.client.tls_set()

    def start(self) -> None:
        """Connect, now or as soon as the broker answers."""
        self.client.connect_async(self.broker.host, self.broker.port, keepalive=30)
        self.client.loop_start()

    def stop(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def step(self, wait_s: float = 1.0) -> int:
        """Store what has come, waiting for the first message; how many messages. They are acknowledged afterwards.

        :raises DatabaseError: it could not be stored; nothing is acknowledged and the messages wait on.
        """
        found = self._taken(wait_s)
        if found:
            try:
                self._store(found)
            except BaseException:
                self._put_back(found)
                raise
            for one in found:
                self.client.ack(one.mid, one.qos)
        return len(found)

    def _taken(self, wait_s: float) -> list[mqtt.MQTTMessage]:
        found: list[mqtt.MQTTMessage] = []
        try:
            found.append(self.waiting.get(timeout=wait_s))
            while len(found) < MOST_AT_ONCE:
                found.append(self.waiting.get_nowait())
        except queue.Empty:
            pass
        return found

    def _put_back(self, found: list[mqtt.MQTTMessage]) -> None:
        with self.waiting.mutex:
            self.waiting.queue.extendleft(reversed(found))
            self.waiting.not_empty.notify()

    def _store(self, found: list[mqtt.MQTTMessage]) -> None:
        from tminus.desks.passengers.intake.messages import Message, take

        take(self.broker, [Message(one.topic, bytes(one.payload)) for one in found])

    def _on_connect(self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            LOG.error("the broker at %s:%s refuses: %s", self.broker.host, self.broker.port, reason)
            return
        LOG.info("following %s at %s:%s", self.broker.topic, self.broker.host, self.broker.port)
        client.subscribe(self.broker.topic, qos=1)

    def _on_disconnect(self, client: mqtt.Client, userdata: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            LOG.warning("lost the broker at %s:%s: %s; connecting again", self.broker.host, self.broker.port, reason)

    def _on_message(self, client: mqtt.Client, userdata: Any, message: mqtt.MQTTMessage) -> None:
        self.waiting.put(message)


def client_id(secret: str) -> str:
    """The same for one installation always, so that the broker knows its session again."""
    return f"tminus-{hashlib.sha256(f'mqtt {secret}'.encode()).hexdigest()[:16]}"


def main() -> None:
    stopping = made_ready()
    from django.conf import settings

    from tminus.desks.passengers.intake.broker import broker_of

    if not settings.CONFIG.mqtt_url:
        sys.exit("mqtt_url is not set")
    subscriber = Subscriber(broker_of(settings.CONFIG.mqtt_url), client_id(settings.SECRET_KEY))
    subscriber.start()
    keep_stepping(subscriber.step, stopping, pause_s=0, again_s=AGAIN_S)  # the broker keeps what is not acknowledged
    subscriber.stop()


if __name__ == "__main__":
    main()
