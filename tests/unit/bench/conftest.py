"""The bench and the lab are packages beside the collection: make them importable from wherever pytest was started."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
