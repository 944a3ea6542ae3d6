"""The project's own documents: made from figures by the generator here, shipped as samples, printed in many layouts for tests."""
