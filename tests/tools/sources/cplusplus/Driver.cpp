#include <IOKit/IOService.h>
#include <sys/kpi_mbuf.h>

class Driver : public IOService {
	OSDeclareDefaultStructors(Driver)
	bool start(IOService *provider) override;
};

OSDefineMetaClassAndStructors(Driver, IOService)

bool Driver::start(IOService *provider)
{
	mbuf_t m = NULL;
	mbuf_freem(m);
	registerService();
	return true;
}
